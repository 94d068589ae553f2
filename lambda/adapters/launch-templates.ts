import type { LaunchTemplateVersion } from '@aws-sdk/client-ec2';
import {
  CreateLaunchTemplateVersionCommand,
  DescribeLaunchTemplateVersionsCommand,
  ModifyLaunchTemplateCommand,
} from '@aws-sdk/client-ec2';
import type { TemplateVersion } from '../core/launch-template';
import type { LaunchTemplates } from '../ports/compute';
import { aws } from './aws-errors';
import { ec2 } from './ec2-client';

/** Launch templates: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-launch-template-versions.html */
export const launchTemplates = (): LaunchTemplates => ({
  versions: async (LaunchTemplateId, specs) => {
    const found: TemplateVersion[] = [];
    let NextToken: string | undefined;
    do {
      const page = await aws(`DescribeLaunchTemplateVersions of ${LaunchTemplateId}`, () =>
        ec2().send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, NextToken, ...(specs && { Versions: [...specs] }) })),
      );
      found.push(...(page.LaunchTemplateVersions ?? []).map(toVersion));
      NextToken = page.NextToken || undefined;
    } while (NextToken !== undefined);
    return found;
  },
  create: async (LaunchTemplateId, SourceVersion, ImageId, ClientToken) => {
    const { LaunchTemplateVersion: made } = await aws(`CreateLaunchTemplateVersion of ${LaunchTemplateId}`, () =>
      ec2().send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateId,
          SourceVersion,
          ClientToken,
          VersionDescription: `Version ${SourceVersion} with the image ${ImageId}`,
          LaunchTemplateData: { ImageId },
        }),
      ),
    );
    return String(made?.VersionNumber ?? '');
  },
  setDefault: async (LaunchTemplateId, DefaultVersion) => {
    await aws(`ModifyLaunchTemplate of ${LaunchTemplateId}`, () =>
      ec2().send(new ModifyLaunchTemplateCommand({ LaunchTemplateId, DefaultVersion })),
    );
  },
});

function toVersion({ VersionNumber = 0, DefaultVersion = false, LaunchTemplateData = {} }: LaunchTemplateVersion): TemplateVersion {
  const { ImageId = '', ...data } = LaunchTemplateData;
  return { number: VersionNumber, isDefault: DefaultVersion, imageId: ImageId, data };
}
