import { CreateLaunchTemplateVersionCommand, ModifyLaunchTemplateCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import type { DryRun } from '../core/checks/facts';
import type { Rehearsal } from '../ports/account';
import { codeOf, translate } from './aws-errors';
import { ec2 } from './ec2-client';

/** The calls that make the group launch another image, as dry runs: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonParameters.html */
export const rehearsal = (): Rehearsal => ({
  launch: ({ launchTemplate, targetImageId: ImageId }, SubnetId) => {
    const { id: LaunchTemplateId, version: Version, versionSpec } = launchTemplate;
    if (LaunchTemplateId === '' || ImageId === '') return Promise.resolve([]);
    const launching = { LaunchTemplate: { LaunchTemplateId, Version }, ImageId, MinCount: 1, MaxCount: 1, SubnetId, DryRun: true };
    const versioning = { LaunchTemplateId, SourceVersion: Version, LaunchTemplateData: { ImageId }, DryRun: true };
    return Promise.all([
      dryRun('ec2:CreateLaunchTemplateVersion', () => ec2().send(new CreateLaunchTemplateVersionCommand(versioning))),
      ...(versionSpec === '$Default'
        ? [
            dryRun('ec2:ModifyLaunchTemplate', () =>
              ec2().send(new ModifyLaunchTemplateCommand({ LaunchTemplateId, DefaultVersion: Version, DryRun: true })),
            ),
          ]
        : []),
      dryRun('ec2:RunInstances', () => ec2().send(new RunInstancesCommand(launching))),
    ]);
  },
});

/** EC2 looks at permissions first: only when they suffice it says `DryRunOperation`, or what else is wrong, which other checks are about. */
async function dryRun(call: string, send: () => Promise<unknown>): Promise<DryRun> {
  try {
    await send();
  } catch (error) {
    const translated = translate(error, call);
    if (translated.name === 'AccessDenied') return { call, refused: withoutEncoding(error) };
    if (translated.name === 'AwsThrottled' || translated.name === 'AwsUnavailable') throw translated;
  }
  return { call, refused: '' };
}

/** The message without the part that only `sts:DecodeAuthorizationMessage` can read. */
const withoutEncoding = (error: unknown): string =>
  `${codeOf(error)}: ${error instanceof Error ? error.message : ''}`.replace(/\s*Encoded authorization failure message.*$/s, '');
