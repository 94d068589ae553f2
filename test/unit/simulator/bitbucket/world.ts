import { Authentication } from '../../../../simulator/bitbucket/authentication';
import { BitbucketCluster } from '../../../../simulator/bitbucket/cluster';
import type { ClusterOptions } from '../../../../simulator/bitbucket/cluster';
import { BitbucketFront } from '../../../../simulator/bitbucket/front';
import type { HttpAnswer } from '../../../../simulator/bitbucket/http';
import { BitbucketInventory } from '../../../../simulator/bitbucket/inventory';
import type { InventoryOptions } from '../../../../simulator/bitbucket/inventory';
import { VirtualClock } from '../../../../simulator/kernel/clock';
import type { Instance, JournalEntry } from '../../../../simulator/kernel/ports';
import { seeded } from '../../../../simulator/kernel/random';

/** A small Bitbucket world without AWS: two nodes of 9.4.20 and a load balancer that always sends to the first. */
export function smallWorld(
  overrides: Partial<ClusterOptions> = {},
  account: { systemAdministrator?: boolean } = {},
  has: InventoryOptions = {},
) {
  const clock = new VirtualClock();
  const entries: JournalEntry[] = [];
  const journal = {
    entries,
    record: (entry: { kind: string }) => void entries.push({ time: clock.now(), ...entry }),
    listen: () => undefined,
  };
  const cluster = new BitbucketCluster({
    clock,
    random: seeded(1),
    journal,
    version: '9.4.20',
    timing: { operatingSystem: [30, 30], start: [200, 200], migration: [60, 60], join: [10, 10], stop: 30, finalize: 0 },
    contextPath: '/git',
    httpPort: 7990,
    sshPort: 7999,
    versionOf: (image) => image.replace('ami-', ''),
    misbehaviour: () => ({}),
    openConnections: () => 0,
    vanished: () => undefined,
    ...overrides,
  });
  const [a, b] = [instance(1), instance(2)];
  cluster.adopt(a);
  cluster.adopt(b);
  let target: string | undefined = a.id;
  const inventory = new BitbucketInventory(clock, journal, has);
  const front = new BitbucketFront({
    cluster,
    inventory,
    authentication: new Authentication({ username: 'admin', password: 'right', systemAdministrator: account.systemAdministrator ?? true }),
    contextPath: '/git',
    httpPort: 7990,
    host: 'bitbucket.example.com',
    route: () => target,
    load: () => ({ tasks: 3, users: 5 }),
  });
  const ask = (
    method: string,
    url: string,
    password: string | undefined = 'right',
    sent: { body?: string; accept?: string } = {},
  ): HttpAnswer | undefined =>
    front.handle({
      method,
      url: new URL(url, 'https://bitbucket.example.com'),
      headers: {
        ...(password !== '' && { authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}` }),
        ...(sent.accept !== undefined && { accept: sent.accept }),
      },
      body: sent.body ?? '',
    });
  const run = async (seconds: number): Promise<void> => {
    let over = false;
    clock.after(seconds * 1000, () => {
      over = true;
    });
    await clock.run(() => over);
  };
  const routeTo = (id: string | undefined): void => {
    target = id;
  };
  return { clock, cluster, inventory, front, ask, run, entries, a, b, routeTo };
}

/** An instance with the image of a version. */
export function instance(n: number, version = '9.4.20'): Instance {
  return {
    id: `i-${n}`,
    privateIp: `10.0.0.${n}`,
    availabilityZone: 'eu-central-1a',
    subnetId: 'subnet-1',
    imageId: `ami-${version}`,
    launchTemplateId: 'lt-1',
    launchTemplateVersion: '1',
    launchedAt: 0,
    state: 'running',
    tags: {},
  };
}

/** The JSON of an answer. */
export function body(answer: HttpAnswer | undefined): unknown {
  return JSON.parse(answer?.body ?? 'null');
}
