import type { Finding, Ground } from '../check';
import { Check, finding, when } from '../check';
import type { ClusterFacts } from '../facts';
import { moment } from '../words';

/** A licence is installed and has not expired. That it is a Data Center licence shows in the rolling-upgrade API, which other licences lack. */
export class DataCenterLicence extends Check<ClusterFacts, 'licence'> {
  readonly name = 'data-center-licence';
  readonly severity = 'refuse';
  readonly looksAt = 'The licence: installed, and not expired';
  readonly source = 'https://confluence.atlassian.com/display/BitbucketServerKB/What+happens+when+a+Bitbucket+Data+Center+license+expires';
  readonly override = 'allowed';
  protected readonly needs = ['licence'] as const;

  protected look({ licence }: Pick<ClusterFacts, 'licence'>, { now }: Ground): Finding {
    if (!licence) {
      return finding('', [
        { found: 'No licence is installed.', todo: 'Install the Data Center licence under Administration > Licensing.' },
      ]);
    }
    const { expiresAt } = licence;
    return finding(
      expiresAt === undefined ? 'The licence never expires.' : `The licence is valid until ${moment(expiresAt)}.`,
      when(
        expiresAt !== undefined && Date.parse(expiresAt) <= now.getTime(),
        () => `The licence expired on ${moment(expiresAt ?? '')}: nobody can push, and no node that starts would change that.`,
        'Renew it, and install the new one under Administration > Licensing.',
      ),
    );
  }
}

/** Maintenance covers the target: builds that were released after its end are not entitled. An image is never older than what it holds. */
export class LicenceMaintenance extends Check<ClusterFacts, 'licence' | 'targetImage'> {
  readonly name = 'licence-maintenance';
  readonly severity = 'refuse';
  readonly looksAt =
    "The licence's end of maintenance: not over, or later than the target's image, which is no older than the version that it holds";
  readonly source = 'https://confluence.atlassian.com/purchasing/what-happens-when-the-included-maintenance-ends-321848855.html';
  readonly override = 'allowed';
  protected readonly needs = ['licence', 'targetImage'] as const;

  protected look({ licence, targetImage }: Pick<ClusterFacts, 'licence' | 'targetImage'>, { now, plan }: Ground): Finding {
    const end = licence?.maintenanceEndsAt;
    if (end === undefined) return finding('The licence tells no end of maintenance.');
    const builtAt = targetImage?.createdAt ?? '';
    const over = Date.parse(end) <= now.getTime();
    const covered = builtAt !== '' && Date.parse(builtAt) <= Date.parse(end);
    return finding(
      covered && over
        ? `Maintenance ended on ${moment(end)}, after the image was built on ${moment(builtAt)}.`
        : `Maintenance lasts until ${moment(end)}.`,
      when(
        over && !covered,
        () =>
          `Maintenance of the licence ended on ${moment(end)}${builtAt === '' ? '' : `, and the image of ${plan.toVersion} was built on ${moment(builtAt)}`}: versions released after its end are not covered.`,
        `Renew it; or, if ${plan.toVersion || 'the target'} was released before that day, override the check.`,
      ),
    );
  }
}
