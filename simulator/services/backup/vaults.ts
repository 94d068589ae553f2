import { AwsError } from '../../kernel/ports';
import type { Account } from '../account/account';

/** A backup vault. */
export interface Vault {
  readonly name: string;
  /** ARN of the key that encrypts the recovery points of fully managed resources. */
  readonly kmsKeyId: string;
  /** Vault lock in compliance mode: nothing can be deleted before its time. */
  readonly locked: boolean;
  readonly tags: Record<string, string>;
  readonly createdAt: number;
}

/** What has to be said of a vault. */
export type VaultProps = Pick<Vault, 'name'> & Partial<Vault>;

/** The account's backup vaults. https://docs.aws.amazon.com/aws-backup/latest/devguide/vaults.html */
export class Vaults {
  private readonly vaults = new Map<string, Vault>();

  constructor(private readonly account: Account) {}

  add(props: VaultProps): Vault {
    const vault: Vault = {
      kmsKeyId: this.account.arn('kms', 'key/0b17b0c4-e700-4000-8000-0000000000ab'),
      locked: false,
      tags: {},
      createdAt: this.account.clock.now(),
      ...props,
    };
    this.vaults.set(vault.name, vault);
    return vault;
  }

  find(name: string | undefined): Vault | undefined {
    return this.vaults.get(name ?? '');
  }

  /** The vault, when its access policy lets this be done. Errors: as AWS Backup answers when it does not, or there is none. */
  reach(name: string | undefined, action: string): Vault {
    const vault = this.find(name);
    if (vault === undefined) throw new AwsError('ResourceNotFoundException', `Backup vault ${name ?? ''} does not exist.`);
    // https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
    if (this.account.hooks.vaultDenies?.(vault.name, action) === true)
      throw new AwsError('AccessDeniedException', 'Insufficient privileges to perform this action.', 403);
    return vault;
  }

  arn(name: string): string {
    return this.account.arn('backup', `backup-vault:${name}`);
  }
}
