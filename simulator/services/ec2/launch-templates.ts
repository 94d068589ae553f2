import type {
  CreateLaunchTemplateVersionRequest,
  CreateLaunchTemplateVersionResult,
  DescribeLaunchTemplatesRequest,
  DescribeLaunchTemplatesResult,
  DescribeLaunchTemplateVersionsRequest,
  DescribeLaunchTemplateVersionsResult,
  LaunchTemplate as SdkLaunchTemplate,
  LaunchTemplateVersion as SdkVersion,
  ModifyLaunchTemplateRequest,
  ModifyLaunchTemplateResult,
  ResponseLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../kernel/ports';
import type { Account } from '../account/account';
import { page, tagList } from '../account/operation';
import type { Filterable } from './filters';
import { byId, filtered } from './filters';

/** One immutable version of a launch template. */
export interface LaunchTemplateVersion {
  readonly number: number;
  readonly description?: string;
  readonly createdAt: number;
  readonly data: ResponseLaunchTemplateData;
}

/** A launch template. */
export interface LaunchTemplate {
  readonly id: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly versions: LaunchTemplateVersion[];
  /** Number of the version that `$Default` means. */
  defaultVersion: number;
}

/** What the scenario says of a launch template; it becomes version 1. */
export interface LaunchTemplateProps {
  readonly id: string;
  readonly name: string;
  readonly imageId: string;
  readonly instanceType?: string;
  readonly instanceProfileArn?: string;
  readonly securityGroupIds?: readonly string[];
  readonly userData?: string;
  /** Tags that the template puts on instances and volumes. */
  readonly instanceTags?: Readonly<Record<string, string>>;
  /** Tags of the template itself. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** How a launch template is named in a call. */
export interface TemplateName {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
}

const FIELDS: Filterable<LaunchTemplate> = { 'launch-template-name': (template) => [template.name] };

/**
 * The account's launch templates: versions are numbered in their order and never change; `$Latest` and `$Default` are resolved when they are used.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-launch-template-versions.html
 */
export class LaunchTemplates {
  private readonly templates = new Map<string, LaunchTemplate>();
  private readonly tokens = new Map<string, { readonly request: string; readonly version: LaunchTemplateVersion }>();

  constructor(private readonly account: Account) {}

  add(props: LaunchTemplateProps): LaunchTemplate {
    const createdAt = this.account.clock.now();
    const tags = Object.keys(props.instanceTags ?? {}).length === 0 ? undefined : tagList(props.instanceTags ?? {});
    const data: ResponseLaunchTemplateData = {
      ImageId: props.imageId,
      InstanceType: (props.instanceType ?? 'm6i.2xlarge') as NonNullable<ResponseLaunchTemplateData['InstanceType']>,
      ...(props.instanceProfileArn && { IamInstanceProfile: { Arn: props.instanceProfileArn } }),
      SecurityGroupIds: [...(props.securityGroupIds ?? ['sg-0b17b0cce70000001'])],
      ...(props.userData && { UserData: props.userData }),
      ...(tags && { TagSpecifications: (['instance', 'volume'] as const).map((ResourceType) => ({ ResourceType, Tags: tags })) }),
    };
    const template: LaunchTemplate = {
      id: props.id,
      name: props.name,
      tags: props.tags ?? {},
      createdAt,
      versions: [{ number: 1, createdAt, data }],
      defaultVersion: 1,
    };
    this.templates.set(template.id, template);
    return template;
  }

  find(name: TemplateName): LaunchTemplate | undefined {
    return name.LaunchTemplateId !== undefined
      ? this.templates.get(name.LaunchTemplateId)
      : [...this.templates.values()].find((template) => template.name === name.LaunchTemplateName);
  }

  /** The template; errors as EC2 answers them. */
  get(name: TemplateName): LaunchTemplate {
    const template = this.find(name);
    if (template !== undefined) return template;
    throw name.LaunchTemplateId !== undefined
      ? new AwsError(
          'InvalidLaunchTemplateId.NotFound',
          `The specified launch template, with template ID ${name.LaunchTemplateId}, does not exist.`,
        )
      : new AwsError(
          'InvalidLaunchTemplateName.NotFoundException',
          `The specified launch template, with template name ${name.LaunchTemplateName ?? ''}, does not exist.`,
        );
  }

  /** The version that `$Latest`, `$Default` (also when nothing is given) or a number means now. */
  version(template: LaunchTemplate, spec: string | undefined): LaunchTemplateVersion {
    const number =
      spec === undefined || spec === '$Default' ? template.defaultVersion : spec === '$Latest' ? template.versions.length : Number(spec);
    const version = template.versions.find((one) => one.number === number);
    if (version !== undefined) return version;
    throw new AwsError(
      'InvalidLaunchTemplateId.VersionNotFound',
      `Could not find the specified version ${spec ?? ''} for the launch template with ID ${template.id}.`,
    );
  }

  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeLaunchTemplates.html */
  describe(input: DescribeLaunchTemplatesRequest): DescribeLaunchTemplatesResult {
    const unknown = (missing: readonly string[]) =>
      new AwsError(
        'InvalidLaunchTemplateId.NotFound',
        `The specified launch template, with template ID ${missing.join(', ')}, does not exist.`,
      );
    const named = byId([...this.templates.values()], input.LaunchTemplateIds, unknown).filter(
      (template) => input.LaunchTemplateNames === undefined || input.LaunchTemplateNames.includes(template.name),
    );
    const { items, next } = page(filtered(named, input.Filters, FIELDS), input.MaxResults ?? 200, input.NextToken);
    return { LaunchTemplates: items.map((template) => this.describeOne(template)), NextToken: next };
  }

  /**
   * Newest first, as EC2 answers; without `Versions`, all of them.
   * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeLaunchTemplateVersions.html
   */
  describeVersions(input: DescribeLaunchTemplateVersionsRequest): DescribeLaunchTemplateVersionsResult {
    const template = this.get(input);
    const versions = input.Versions?.length ? input.Versions.map((spec) => this.version(template, spec)) : [...template.versions].reverse();
    const seen = [...new Set(versions)].filter(
      ({ number, createdAt }) =>
        number >= Number(input.MinVersion ?? 0) &&
        number <= Number(input.MaxVersion ?? Infinity) &&
        (number === 1 || this.account.sees('launch-template-version', createdAt)),
    );
    const { items, next } = page(seen, input.MaxResults ?? 200, input.NextToken);
    return { LaunchTemplateVersions: items.map((version) => describeVersion(template, version, this.account)), NextToken: next };
  }

  /**
   * With `SourceVersion` the new version inherits what the call does not give; without, it has only what the call gives. One `ClientToken` makes one version.
   * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplateVersion.html
   */
  createVersion(input: CreateLaunchTemplateVersionRequest): CreateLaunchTemplateVersionResult {
    const template = this.get(input);
    const token = input.ClientToken === undefined ? undefined : `${template.id} ${input.ClientToken}`;
    const request = JSON.stringify([input.SourceVersion, input.VersionDescription, input.LaunchTemplateData]);
    const earlier = token === undefined ? undefined : this.tokens.get(token);
    if (earlier !== undefined) {
      if (earlier.request === request) return { LaunchTemplateVersion: describeVersion(template, earlier.version, this.account) };
      throw new AwsError('IdempotentParameterMismatch', 'The client token was already used with other parameters.');
    }
    const inherited = input.SourceVersion === undefined ? {} : this.version(template, input.SourceVersion).data;
    const version: LaunchTemplateVersion = {
      number: template.versions.length + 1,
      createdAt: this.account.clock.now(),
      ...(input.VersionDescription !== undefined && { description: input.VersionDescription }),
      data: { ...inherited, ...given(input.LaunchTemplateData) },
    };
    template.versions.push(version);
    if (token !== undefined) this.tokens.set(token, { request, version });
    return { LaunchTemplateVersion: describeVersion(template, version, this.account) };
  }

  /** Changes which version is the default. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyLaunchTemplate.html */
  modify(input: ModifyLaunchTemplateRequest): ModifyLaunchTemplateResult {
    const template = this.get(input);
    if (input.DefaultVersion !== undefined) template.defaultVersion = this.version(template, input.DefaultVersion).number;
    return { LaunchTemplate: this.describeOne(template) };
  }

  private describeOne(template: LaunchTemplate): SdkLaunchTemplate {
    return {
      LaunchTemplateId: template.id,
      LaunchTemplateName: template.name,
      CreateTime: new Date(template.createdAt),
      CreatedBy: `arn:aws:iam::${this.account.id}:root`,
      DefaultVersionNumber: template.defaultVersion,
      LatestVersionNumber: template.versions.length,
      Tags: tagList(template.tags),
    };
  }
}

/** The parameters that the call gives. What only the request's shape knows does not occur in the response's, so it is the same data. */
const given = (data: CreateLaunchTemplateVersionRequest['LaunchTemplateData']): ResponseLaunchTemplateData =>
  Object.fromEntries(Object.entries(data ?? {}).filter(([, value]) => value !== undefined));

const describeVersion = (template: LaunchTemplate, version: LaunchTemplateVersion, account: Account): SdkVersion => ({
  LaunchTemplateId: template.id,
  LaunchTemplateName: template.name,
  VersionNumber: version.number,
  VersionDescription: version.description,
  CreateTime: new Date(version.createdAt),
  CreatedBy: `arn:aws:iam::${account.id}:root`,
  DefaultVersion: version.number === template.defaultVersion,
  LaunchTemplateData: version.data,
});
