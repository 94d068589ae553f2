import type { DescribeInstanceTypesRequest, DescribeInstanceTypesResult, InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { AwsError } from '../../kernel/ports';

const SIZES = ['nano', 'micro', 'small', 'medium', 'large', 'xlarge'];

/** How many `xlarge` a size is: 0.5 for `large`, 4 for `4xlarge`; undefined for what is no size. */
function multiple(size: string): number | undefined {
  const more = /^(\d+)xlarge$/.exec(size)?.[1];
  if (more !== undefined) return Number(more);
  const index = SIZES.indexOf(size);
  return index < 0 ? (size.startsWith('metal') ? 24 : undefined) : 2 ** (index - 5);
}

/**
 * Instance types as far as their local disks: a `d` after the generation (`m6id`), and the storage families `i`, `d` and `h`, have some.
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
function infoOf(type: string): InstanceTypeInfo {
  const [family = '', size = ''] = type.split('.');
  const xlarges = multiple(size);
  if (!/^[a-z]+\d\w*(-\w+)?$/.test(family) || xlarges === undefined)
    throw new AwsError('InvalidInstanceType', `The following supplied instance types do not exist: [${type}]`);
  const local = /^[a-z]+\d[a-z]*d/.test(family) || /^(?:i|d|h)\d/.test(family) || /^(?:im|is)\d/.test(family);
  return {
    InstanceType: type as NonNullable<InstanceTypeInfo['InstanceType']>,
    CurrentGeneration: true,
    InstanceStorageSupported: local,
    ...(local && {
      InstanceStorageInfo: {
        TotalSizeInGB: Math.ceil(237 * xlarges),
        Disks: [{ SizeInGB: Math.ceil(237 * xlarges), Count: 1, Type: 'ssd' as const }],
        NvmeSupport: 'required' as const,
        EncryptionSupport: 'required' as const,
      },
    }),
    EbsInfo: { EbsOptimizedSupport: 'default', EncryptionSupport: 'supported', NvmeSupport: 'required' },
  };
}

/** Of the types that are named. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypes.html */
export const describeInstanceTypes = ({ InstanceTypes = [] }: DescribeInstanceTypesRequest): DescribeInstanceTypesResult => ({
  InstanceTypes: InstanceTypes.map(infoOf),
});
