import { ListTagsCommand, TagResourceCommand } from '@aws-sdk/client-backup';
import { CreateTagsCommand, DescribeTagsCommand } from '@aws-sdk/client-ec2';
import { AddTagsToResourceCommand, ListTagsForResourceCommand } from '@aws-sdk/client-rds';
import { recoveryPointId } from '../core/backup/resource-arn';
import type { Tags } from '../core/backup/tags';
import { fromRdsTag, toRdsTag } from '../core/backup/tags';
import type { RecoveryPointTags } from '../ports/aws-backup';
import { aws, awsUnless } from './aws-errors';
import { backupClient } from './aws-backup';
import { ec2 } from './ec2-client';
import { allPages } from './pages';
import { rds } from './rds-client';

/** Most values of a filter: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTags.html */
const FILTER_VALUES = 200;

const GONE = [
  'ResourceNotFoundException',
  'DBSnapshotNotFound',
  'DBSnapshotNotFoundFault',
  'DBClusterSnapshotNotFound',
  'DBClusterSnapshotNotFoundFault',
];

/** Whose tags they are: the service of the ARN. AWS Backup's own ListTags and TagResource refuse what is not its own. */
const serviceOf = (arn: string): string => arn.split(':')[2] ?? '';

/**
 * Tags of recovery points, asked where each lives: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListTags.html.
 * Values are written as RDS takes them, whatever the kind, because one call of StartBackupJob takes them for any.
 */
export const recoveryPointTags = (): RecoveryPointTags => ({
  read: async (arns) => {
    const of = (service: string): readonly string[] => arns.filter((arn) => serviceOf(arn) === service);
    const found = await Promise.all([ec2Tags(of('ec2')), ...of('rds').map(rdsTags), ...of('backup').map(ownTags)]);
    return new Map(found.flat().filter(([, tags]) => Object.keys(tags).length > 0));
  },
  write: async (arn, tags) => {
    const entries = Object.entries(tags).map(([Key, value]) => ({ Key, Value: toRdsTag(value) }));
    const what = `the tags of ${arn}`;
    if (serviceOf(arn) === 'rds') await aws(what, () => rds().send(new AddTagsToResourceCommand({ ResourceName: arn, Tags: entries })));
    else if (serviceOf(arn) === 'ec2')
      await aws(what, () => ec2().send(new CreateTagsCommand({ Resources: [recoveryPointId(arn)], Tags: entries })));
    else {
      const Tags = Object.fromEntries(entries.map(({ Key, Value }) => [Key, Value]));
      await aws(what, () => backupClient().send(new TagResourceCommand({ ResourceArn: arn, Tags })));
    }
  },
});

type Tagged = readonly (readonly [string, Tags])[];

const asMeant = (entries: readonly (readonly [string, string])[]): Tags =>
  Object.fromEntries(entries.map(([key, value]) => [key, fromRdsTag(value)]));

async function ec2Tags(arns: readonly string[]): Promise<Tagged> {
  const chunks = Array.from({ length: Math.ceil(arns.length / FILTER_VALUES) }, (_, n) =>
    arns.slice(n * FILTER_VALUES, (n + 1) * FILTER_VALUES),
  );
  const found = await Promise.all(
    chunks.map((chunk) =>
      allPages(async (NextToken) => {
        const { Tags, NextToken: next } = await aws('DescribeTags of recovery points', () =>
          ec2().send(new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: chunk.map(recoveryPointId) }], NextToken })),
        );
        return { items: Tags, next };
      }),
    ),
  );
  return arns.map((arn) => [
    arn,
    asMeant(found.flat().flatMap(({ ResourceId, Key = '', Value = '' }) => (ResourceId === recoveryPointId(arn) ? [[Key, Value]] : []))),
  ]);
}

async function rdsTags(arn: string): Promise<Tagged> {
  const answer = await awsUnless(`ListTagsForResource ${arn}`, GONE, () =>
    rds().send(new ListTagsForResourceCommand({ ResourceName: arn })),
  );
  return [[arn, asMeant((answer?.TagList ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))]];
}

async function ownTags(arn: string): Promise<Tagged> {
  const pages = await allPages(async (NextToken) => {
    const answer = await awsUnless(`ListTags ${arn}`, GONE, () =>
      backupClient().send(new ListTagsCommand({ ResourceArn: arn, NextToken })),
    );
    return { items: Object.entries(answer?.Tags ?? {}), next: answer?.NextToken };
  });
  return [[arn, asMeant(pages)]];
}
