/** Bitbucket's banner and its apps: what is recorded, put up, put back and compared; against a Bitbucket and a table that keep what they are given. */
import fc from 'fast-check';
import { lookAtApps } from '../../../lambda/compare-apps/handler';
import type { App } from '../../../lambda/core/apps';
import { compareApps } from '../../../lambda/core/apps';
import type { Banner } from '../../../lambda/core/banner';
import { bannerToPutUp, ourBanner, sameBanner } from '../../../lambda/core/banner';
import { turn } from '../../../lambda/core/direction';
import { TaskError } from '../../../lambda/core/errors';
import type { SiteRecord } from '../../../lambda/core/site-record';
import { putUpBanner } from '../../../lambda/put-up-banner/handler';
import { takeDownBanner } from '../../../lambda/take-down-banner/handler';
import { plan, run } from './support/build';

const banner = (message: string, change: Partial<Banner> = {}): Banner => ({ message, enabled: true, audience: 'ALL', ...change });
const BEFORE = banner('Backups run on Sunday', { audience: 'AUTHENTICATED' });
const app = (name: string, version = '1.0.0', enabled = true): App => ({ key: `com.example.${name}`, name, version, enabled });
const refused = (name: 'PermissionMissing' | 'CredentialsRefused' | 'BitbucketUnavailable') => new TaskError(name, `${name} it says`);

/** A Bitbucket with this banner and these apps, and a table. */
class Site {
  record: SiteRecord | undefined;
  failing: Partial<Record<'read' | 'set' | 'apps', Error>> = {};
  readonly writes: (Banner | undefined)[] = [];

  constructor(
    public banner: Banner | undefined,
    public installed: readonly App[] = [app('one'), app('two')],
  ) {}

  private answer<T>(what: 'read' | 'set' | 'apps', value: () => T): Promise<T> {
    const error = this.failing[what];
    return error ? Promise.reject(error) : Promise.resolve(value());
  }

  readonly ports = {
    banners: {
      read: () => this.answer('read', () => this.banner),
      set: (wanted: Banner | undefined) =>
        this.answer('set', () => {
          this.writes.push(wanted);
          this.banner = wanted;
        }),
    },
    apps: { installed: () => this.answer('apps', () => this.installed) },
    records: {
      read: () => Promise.resolve(this.record),
      replace: (_: string, read: SiteRecord | undefined, by: SiteRecord | undefined) => {
        expect(read).toEqual(this.record); // on condition
        this.record = by && (JSON.parse(JSON.stringify(by)) as SiteRecord);
        return Promise.resolve();
      },
    },
  };

  putUp = (change: Parameters<typeof plan>[0] = {}) => putUpBanner({ plan: plan(change) }, this.ports);
  takeDown = (made: 'original' | 'mixed' | 'upgraded' = 'upgraded', verdict: 'wait' | 'done' = 'done') =>
    takeDownBanner({ plan: plan(), made, finalized: { verdict } }, this.ports);
  compare = () => lookAtApps({ plan: plan() }, this.ports);
}

describe('the banner of an upgrade', () => {
  test('says from which version to which, and what not to do; the same on the way back', () => {
    expect(ourBanner(plan()).message).toMatch(/from 9\.4\.20 to 9\.4\.23.*do not install, update or remove apps/);
    expect(ourBanner(turn(plan()))).toEqual(ourBanner(plan()));
  });

  test.each([
    ['there was one', BEFORE],
    ['there was none', undefined],
  ])('goes up and comes down: %s', async (_, before) => {
    const site = new Site(before);
    await site.putUp();
    expect(site.banner).toEqual(ourBanner(plan()));
    await expect(site.takeDown()).resolves.toMatchObject({
      detail: expect.stringMatching(before ? /is back/ : /no banner again/) as string,
    });
    expect(site.banner).toEqual(before);
    expect(site.record).toBeUndefined();
  });

  test('is recorded before it overwrites what was there', async () => {
    const site = new Site(BEFORE);
    site.failing = { set: refused('BitbucketUnavailable') };
    await expect(site.putUp()).rejects.toMatchObject({ name: 'BitbucketUnavailable' });
    expect(site.record).toMatchObject({ run: run.executionArn, banner: { before: BEFORE, isUp: true }, apps: { value: site.installed } });
  });

  test('is never taken for what was there before, however often it is put up, and by whichever run', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('again', 'next run', 'held', 'lost record'), { maxLength: 6 }), async (happenings) => {
        const site = new Site(BEFORE);
        await site.putUp();
        for (const happens of happenings) {
          if (happens === 'held') await site.takeDown('mixed', 'wait');
          if (happens === 'lost record' && site.banner === BEFORE) site.record = undefined;
          await site.putUp(happens === 'next run' ? { run: { ...run, executionArn: 'next' }, continues: true } : {});
        }
        await site.takeDown();
        expect(site.banner).toEqual(BEFORE);
        expect(site.record).toBeUndefined();
      }),
    );
  });

  test('of which the record is lost is known by its words', () => {
    expect(bannerToPutUp(plan({ toVersion: '9.4.24' }), ourBanner(plan()), undefined).before).toBeUndefined();
  });

  test('that somebody edited stays as they made it', async () => {
    const site = new Site(BEFORE);
    await site.putUp();
    site.banner = banner('The licence is renewed tonight');
    await expect(site.takeDown()).resolves.toMatchObject({ detail: expect.stringContaining('theirs stays') as string });
    expect(site.banner).toEqual(banner('The licence is renewed tonight'));
    expect(site.record).toBeUndefined();
  });

  test('that somebody edited comes back after the next run, too', async () => {
    const site = new Site(BEFORE);
    await site.putUp();
    site.banner = banner('The licence is renewed tonight');
    await site.putUp({ continues: true });
    await site.takeDown();
    expect(site.banner).toEqual(banner('The licence is renewed tonight'));
  });

  test('is put back once more when an answer says that it is back: it may be an old one', async () => {
    const site = new Site(BEFORE);
    await site.putUp();
    site.banner = BEFORE;
    await site.takeDown();
    expect(site.writes).toEqual([ourBanner(plan()), BEFORE]);
  });

  test('that was never up because it is forbidden has not to be put back', async () => {
    const site = new Site(BEFORE);
    site.failing = { set: refused('PermissionMissing') };
    await expect(site.putUp()).rejects.toMatchObject({ name: 'PermissionMissing' });
    await expect(site.takeDown()).resolves.toBeDefined();
    expect(site.record).toBeUndefined();
    // One that is up, and cannot be taken down, is an error.
    const up = new Site(BEFORE);
    await up.putUp();
    up.failing = { set: refused('PermissionMissing') };
    await expect(up.takeDown()).rejects.toMatchObject({ name: 'PermissionMissing' });
    expect(up.record).toBeDefined();
  });

  test('that cannot be read leaves only the apps recorded', async () => {
    const site = new Site(BEFORE);
    site.failing = { read: refused('PermissionMissing') };
    await expect(site.putUp()).rejects.toMatchObject({ name: 'PermissionMissing' });
    expect(site.record).toMatchObject({ apps: { value: site.installed } });
    expect(site.record).not.toHaveProperty('banner');
    await expect(site.takeDown()).resolves.toMatchObject({ detail: expect.stringContaining('no banner of an upgrade') as string });
    expect(site.record).toBeUndefined();
  });

  test('is the same whatever blanks Bitbucket makes of it', () => {
    expect(sameBanner(banner(' a  b\n'), banner('a b'))).toBe(true);
    expect(sameBanner(banner('a'), banner('a', { enabled: false }))).toBe(false);
    expect(sameBanner(banner('a'), undefined)).toBe(false);
    expect(sameBanner(undefined, undefined)).toBe(true);
  });

  test.each([
    ['final', 'upgraded', 'done', undefined],
    ['rolled back', 'original', 'wait', undefined],
    ['held', 'mixed', 'wait', { banner: { isUp: false, before: BEFORE } }],
    ['not finalized', 'upgraded', 'wait', { banner: { isUp: false } }],
  ] as const)('its record, once the upgrade is %s', async (_, made, verdict, left) => {
    const site = new Site(BEFORE);
    await site.putUp();
    await site.takeDown(made, verdict);
    expect(site.banner).toEqual(BEFORE);
    if (left) expect(site.record).toMatchObject(left);
    else expect(site.record).toBeUndefined();
  });

  test('of a recovery that finds the upgrade final: nothing stays recorded', async () => {
    const site = new Site(BEFORE);
    await site.putUp();
    await takeDownBanner({ plan: plan({ action: 'nothing' }), made: 'mixed' }, site.ports);
    expect(site.record).toBeUndefined();
  });

  test('without a record nothing is touched', async () => {
    const site = new Site(BEFORE);
    await site.takeDown();
    expect(site.writes).toEqual([]);
  });
});

describe('the apps', () => {
  const changes: [string, readonly App[], RegExp][] = [
    [
      'installed',
      [app('one'), app('two'), app('new', '3.1')],
      /^new \(com\.example\.new\) was installed .* version 3\.1, not there before/,
    ],
    ['removed', [app('one')], /^two \(com\.example\.two\) was removed .* version 1\.0\.0 before, not there now/],
    ['updated', [app('one', '1.1.0'), app('two')], /^one .* was changed .* version 1\.0\.0 before, 1\.1\.0 now\./],
    ['disabled', [app('one', '1.0.0', false), app('two')], /^one .* enabled before, disabled now \(version 1\.0\.0\)\./],
    ['updated and enabled', [app('one', '2.0.0'), app('two')], /version 1\.0\.0 before, 2\.0\.0 now, disabled before, enabled now\./],
  ];
  test.each(changes)('that are %s are named with both versions', (what, now, message) => {
    const before = what === 'updated and enabled' ? [app('one', '1.0.0', false), app('two')] : [app('one'), app('two')];
    expect(compareApps(before, now)).toEqual([{ check: 'apps', message: expect.stringMatching(message) as string }]);
  });
  test('that did not change are not named, in whatever order they are told', () => {
    const apps = fc.uniqueArray(fc.record({ key: fc.string(), name: fc.string(), version: fc.string(), enabled: fc.boolean() }), {
      selector: ({ key }) => key,
    });
    fc.assert(fc.property(apps, (all) => compareApps(all, [...all].reverse()).length === 0));
  });

  test('are compared with those at the start of the first run: a run that goes on keeps them, another records them anew', async () => {
    const site = new Site(undefined);
    await site.putUp();
    site.installed = [app('one', '2.0.0'), app('two')];
    await site.putUp({ continues: true, run: { ...run, executionArn: 'next' } });
    await expect(site.compare()).resolves.toMatchObject({ compared: 2, warnings: [{ check: 'apps' }] });
    await site.putUp({ run: { ...run, executionArn: 'another upgrade' } });
    await expect(site.compare()).resolves.toEqual({ compared: 2, warnings: [] });
  });
  test('that could not be read are asked for again by a next attempt, and otherwise said not to be known', async () => {
    const site = new Site(undefined);
    await expect(site.compare()).resolves.toMatchObject({
      warnings: [{ message: expect.stringContaining('nothing was recorded') as string }],
    });
    site.failing = { apps: refused('BitbucketUnavailable') };
    await site.putUp();
    expect(site.banner).toEqual(ourBanner(plan()));
    await expect(site.compare()).resolves.toMatchObject({
      warnings: [{ message: expect.stringContaining('BitbucketUnavailable it says') as string }],
    });
    site.failing = {};
    await site.putUp();
    await expect(site.compare()).resolves.toEqual({ compared: 2, warnings: [] });
  });
  test('are not asked for again with credentials that are refused', async () => {
    const site = new Site(BEFORE);
    site.failing = { apps: refused('CredentialsRefused') };
    await expect(site.putUp()).rejects.toMatchObject({ name: 'CredentialsRefused' });
    expect(site.record).toBeUndefined();
  });
});
