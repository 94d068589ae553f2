import type {
  DeleteRecoveryPointInput,
  DescribeBackupVaultInput,
  DescribeBackupVaultOutput,
  DescribeRecoveryPointInput,
  DescribeRecoveryPointOutput,
  GetRecoveryPointRestoreMetadataInput,
  GetRecoveryPointRestoreMetadataOutput,
  ListRecoveryPointsByBackupVaultInput,
  ListRecoveryPointsByBackupVaultOutput,
  ListRecoveryPointsByResourceInput,
  ListRecoveryPointsByResourceOutput,
  ListTagsInput,
  ListTagsOutput,
  TagResourceInput,
} from '@aws-sdk/client-backup';
import type { AwsService } from '../../kernel/ports';
import { AwsError } from '../../kernel/ports';
import { operation, page, refuseUnmodelled, requestTags } from '../account/operation';
import { BackupAuthorizations } from './authorizations';
import type { Backup } from './backup';
import type { RecoveryPoint } from './recovery-points';
import { fullyManaged } from './recovery-points';

/** Vaults and recovery points: describe, list, tag, delete. */
export function pointOperations(backup: Backup): AwsService['operations'] {
  const { points, vaults, describe } = backup;
  const authorized = new BackupAuthorizations(backup);
  const pointOf = (action: string, input: { BackupVaultName: string | undefined; RecoveryPointArn: string | undefined }): RecoveryPoint =>
    points.get(vaults.reach(input.BackupVaultName, `backup:${action}`), input.RecoveryPointArn);
  return {
    DescribeBackupVault: operation<DescribeBackupVaultInput, DescribeBackupVaultOutput>({
      mutates: false,
      authorize: (input) => [authorized.vault('DescribeBackupVault', input.BackupVaultName)],
      call: (input) => describe.vault(vaults.reach(input.BackupVaultName, 'backup:DescribeBackupVault')),
    }),
    DescribeRecoveryPoint: operation<DescribeRecoveryPointInput, DescribeRecoveryPointOutput>({
      mutates: false,
      authorize: (input) => [authorized.resource('DescribeRecoveryPoint', input.RecoveryPointArn)],
      call: (input) => ({ ...describe.point(pointOf('DescribeRecoveryPoint', input)), StorageClass: 'WARM' }),
    }),
    GetRecoveryPointRestoreMetadata: operation<GetRecoveryPointRestoreMetadataInput, GetRecoveryPointRestoreMetadataOutput>({
      mutates: false,
      authorize: (input) => [authorized.resource('GetRecoveryPointRestoreMetadata', input.RecoveryPointArn)],
      call: (input) => {
        const { arn, vault, source, restoreMetadata } = pointOf('GetRecoveryPointRestoreMetadata', input);
        const where = { BackupVaultArn: vaults.arn(vault.name), RecoveryPointArn: arn };
        return { ...where, ResourceType: source.type, RestoreMetadata: { ...restoreMetadata } };
      },
    }),
    ListRecoveryPointsByResource: operation<ListRecoveryPointsByResourceInput, ListRecoveryPointsByResourceOutput>({
      mutates: false,
      authorize: () => [authorized.anywhere('ListRecoveryPointsByResource')],
      call: (input) => {
        refuseUnmodelled('ListRecoveryPointsByResource', input, ['ResourceArn', 'NextToken', 'MaxResults']);
        const found = points.all().filter(({ source }) => source.arn === input.ResourceArn);
        const { items, next } = page(found, input.MaxResults ?? 1000, input.NextToken);
        return { RecoveryPoints: items.map((point) => describe.pointOfResource(point)), NextToken: next };
      },
    }),
    ListRecoveryPointsByBackupVault: operation<ListRecoveryPointsByBackupVaultInput, ListRecoveryPointsByBackupVaultOutput>({
      mutates: false,
      authorize: (input) => [authorized.vault('ListRecoveryPointsByBackupVault', input.BackupVaultName)],
      call: (input) => {
        const modelled = ['BackupVaultName', 'NextToken', 'MaxResults', 'ByResourceArn', 'ByResourceType'];
        refuseUnmodelled('ListRecoveryPointsByBackupVault', input, modelled);
        const vault = vaults.reach(input.BackupVaultName, 'backup:ListRecoveryPointsByBackupVault');
        const found = points
          .all()
          .filter((point) => point.vault === vault && (input.ByResourceArn ?? point.source.arn) === point.source.arn)
          .filter(({ source }) => (input.ByResourceType ?? source.type) === source.type);
        const { items, next } = page(found, input.MaxResults ?? 1000, input.NextToken);
        return { RecoveryPoints: items.map((point) => describe.point(point)), NextToken: next };
      },
    }),
    ListTags: operation<ListTagsInput, ListTagsOutput>({
      mutates: false,
      authorize: (input) => [authorized.resource('ListTags', input.ResourceArn)],
      call: ({ ResourceArn: arn = '', MaxResults, NextToken }) => {
        // "include only values representing resource types that are fully managed": https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListTags.html
        if (!fullyManaged(arn)) throw incompatible(arn, 'Its tags are listed by the service that it belongs to.');
        const { items, next } = page(Object.entries(tagsOf(backup, arn)), MaxResults ?? 1000, NextToken);
        return { Tags: Object.fromEntries(items), NextToken: next };
      },
    }),
    TagResource: operation<TagResourceInput, object>({
      mutates: true,
      authorize: (input) => [authorized.resource('TagResource', input.ResourceArn, requestTags(input.Tags ?? {}))],
      call: ({ ResourceArn: arn = '', Tags = {} }) => {
        // "ARNs that do not include backup are incompatible with tagging": https://docs.aws.amazon.com/aws-backup/latest/devguide/API_TagResource.html
        if (!arn.includes('backup')) throw incompatible(arn, 'It is tagged by the service that it belongs to.');
        Object.assign(tagsOf(backup, arn), Tags);
        return {};
      },
    }),
    DeleteRecoveryPoint: operation<DeleteRecoveryPointInput, object>({
      mutates: true,
      authorize: (input) => [
        authorized.resource('DeleteRecoveryPoint', input.RecoveryPointArn),
        ...authorized.deletions(input.RecoveryPointArn),
      ],
      call: (input) => {
        points.delete(pointOf('DeleteRecoveryPoint', input));
        return {};
      },
    }),
  };
}

const incompatible = (arn: string, why: string): AwsError =>
  new AwsError('InvalidParameterValueException', `The ARN ${arn} is not supported. ${why}`);

/** The tags of a vault or of a recovery point; what is written to them is theirs. */
function tagsOf({ vaults, points }: Backup, arn: string): Record<string, string> {
  const [, name] = /:backup-vault:(.+)$/.exec(arn) ?? [];
  const found = name === undefined ? points.find(arn) : vaults.find(name);
  if (found === undefined) throw new AwsError('ResourceNotFoundException', `Cannot find resource ${arn}.`);
  return found.tags;
}
