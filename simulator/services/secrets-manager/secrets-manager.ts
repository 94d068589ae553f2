import type { GetSecretValueCommandInput } from '@aws-sdk/client-secrets-manager';
import type { AwsService, Clock } from '../../kernel/ports';
import { AwsError } from '../../kernel/ports';

interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly value: string;
  readonly createdAt: number;
}

/** Secrets Manager, to read from. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
export class SecretsManager implements AwsService {
  readonly client = 'client-secrets-manager';
  private readonly secrets = new Map<string, Secret>();

  constructor(
    private readonly clock: Clock,
    private readonly region: string,
    private readonly account: string,
  ) {}

  /** Puts a secret, by its ARN or by a name (which then gets an ARN). A second time it changes the value. @returns its ARN. */
  put(id: string, value: string): string {
    const arn = id.startsWith('arn:') ? id : `arn:aws:secretsmanager:${this.region}:${this.account}:secret:${id}-AbCdEf`;
    const name = (arn.split(':secret:')[1] ?? arn).replace(/-[A-Za-z0-9]{6}$/, '');
    this.secrets.set(arn, { arn, name, value, createdAt: this.clock.now() });
    return arn;
  }

  readonly operations = {
    GetSecretValue: {
      mutates: false,
      authorize: ({ SecretId }: GetSecretValueCommandInput) => [
        {
          action: 'secretsmanager:GetSecretValue',
          resources: [this.find(SecretId)?.arn ?? `arn:aws:secretsmanager:${this.region}:${this.account}:secret:${SecretId ?? ''}`],
          context: { 'secretsmanager:VersionStage': 'AWSCURRENT' },
        },
      ],
      call: ({ SecretId, VersionId, VersionStage }: GetSecretValueCommandInput) => {
        if (VersionId !== undefined || (VersionStage ?? 'AWSCURRENT') !== 'AWSCURRENT') {
          throw new AwsError('NotImplemented', 'The simulator does not model versions of secrets.', 501);
        }
        const secret = this.find(SecretId);
        if (secret === undefined) throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
        return {
          ARN: secret.arn,
          Name: secret.name,
          SecretString: secret.value,
          VersionId: '00000000-0000-4000-8000-000000000001',
          VersionStages: ['AWSCURRENT'],
          CreatedDate: new Date(secret.createdAt),
        };
      },
    },
  };

  /** By name, ARN, or ARN without its random suffix. */
  private find(id: string | undefined): Secret | undefined {
    return [...this.secrets.values()].find(({ arn, name }) => id === arn || id === name || id === arn.replace(/-[A-Za-z0-9]{6}$/, ''));
  }
}
