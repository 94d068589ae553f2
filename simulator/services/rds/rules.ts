import { AwsError } from '../../kernel/ports';

/**
 * An identifier of a snapshot: letters, digits and single hyphens, a letter first; 255 characters at most for DB snapshots, 63 for DB cluster
 * snapshots. https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBClusterSnapshot.html
 */
export function checkIdentifier(id: string, longest: number): void {
  if (!/^[A-Za-z](?:-?[A-Za-z0-9])*$/u.test(id) || id.length > longest)
    throw new AwsError(
      'InvalidParameterValue',
      `Invalid snapshot identifier: ${id}. Use 1 to ${longest} letters, digits and single hyphens, a letter first.`,
    );
}

const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** What RDS allows in tags: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Tag.html */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    if (!TAG_TEXT.test(key) || key === '' || key.length > 128 || /^(?:aws|rds):/iu.test(key))
      throw new AwsError('InvalidParameterValue', `Invalid tag key: ${key}.`);
    if (!TAG_TEXT.test(value) || value.length > 256) throw new AwsError('InvalidParameterValue', `Invalid tag value of ${key}: ${value}.`);
  }
}
