import type { GetParameterCommandInput, GetParametersByPathCommandInput, GetParametersCommandInput } from '@aws-sdk/client-ssm';
import type { AwsService, Clock } from '../../kernel/ports';
import { AwsError } from '../../kernel/ports';

interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly changedAt: number;
}

const PAGE = 10;

/** Systems Manager's Parameter Store, to read from. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html */
export class Ssm implements AwsService {
  readonly client = 'client-ssm';
  private readonly parameters = new Map<string, Parameter>();

  constructor(
    private readonly clock: Clock,
    private readonly region: string,
    private readonly account: string,
  ) {}

  /** Puts a parameter of type String. */
  put(name: string, value: string): void {
    this.parameters.set(name, { name, value, changedAt: this.clock.now() });
  }

  readonly operations = {
    GetParameter: {
      mutates: false,
      authorize: ({ Name }: GetParameterCommandInput) => [{ action: 'ssm:GetParameter', resources: [this.arnOf(Name ?? '')] }],
      call: ({ Name }: GetParameterCommandInput) => {
        const parameter = this.parameters.get(Name ?? '');
        if (parameter === undefined) throw new AwsError('ParameterNotFound', `Parameter ${Name ?? ''} not found.`);
        return { Parameter: this.describe(parameter) };
      },
    },
    GetParameters: {
      mutates: false,
      authorize: ({ Names }: GetParametersCommandInput) => [
        { action: 'ssm:GetParameters', resources: (Names ?? []).map((name) => this.arnOf(name)) },
      ],
      call: ({ Names }: GetParametersCommandInput) => {
        const found = (Names ?? []).flatMap((name) => this.parameters.get(name) ?? []);
        return {
          Parameters: found.map((parameter) => this.describe(parameter)),
          InvalidParameters: (Names ?? []).filter((name) => !this.parameters.has(name)),
        };
      },
    },
    GetParametersByPath: {
      mutates: false,
      authorize: ({ Path }: GetParametersByPathCommandInput) => [
        { action: 'ssm:GetParametersByPath', resources: [this.arnOf(Path ?? '')] },
      ],
      call: ({ Path = '/', Recursive, MaxResults = PAGE, NextToken }: GetParametersByPathCommandInput) => {
        const prefix = Path.endsWith('/') ? Path : `${Path}/`;
        const inside = [...this.parameters.values()]
          .filter(({ name }) => name.startsWith(prefix) && (Recursive === true || !name.slice(prefix.length).includes('/')))
          .sort((a, b) => (a.name < b.name ? -1 : 1));
        const start = Number(NextToken ?? 0);
        const end = start + MaxResults;
        const more = end < inside.length ? { NextToken: String(end) } : {};
        return { Parameters: inside.slice(start, end).map((parameter) => this.describe(parameter)), ...more };
      },
    },
  };

  private arnOf(name: string): string {
    return `arn:aws:ssm:${this.region}:${this.account}:parameter/${name.replace(/^\//, '')}`;
  }

  private describe({ name, value, changedAt }: Parameter): Record<string, unknown> {
    return {
      Name: name,
      Type: 'String',
      Value: value,
      Version: 1,
      LastModifiedDate: new Date(changedAt),
      ARN: this.arnOf(name),
      DataType: 'text',
    };
  }
}
