import { LATEST_BUGFIX } from './contract/request-schema';

/** Words for versions that are known only when a run begins. */
export class TargetVersion {
  /**
   * The newest bug-fix version of the line that runs for which there is an image. Denied versions are left out; when nothing is newer, the
   * run succeeds and says so.
   */
  public static readonly LATEST_BUGFIX: string = LATEST_BUGFIX;

  private constructor() {}
}
