import type { SharedHome } from './shared-home';

/** A home besides the shared one: of a Mesh node, or of a mirror with its configuration. */
export interface OtherHome {
  /** Its name among the parts of the backup, for example `mesh-1`: lower-case letters, digits and hyphens, at most 40 characters. */
  readonly name: string;

  /** Where it is, and how it is backed up. */
  readonly home: SharedHome;
}
