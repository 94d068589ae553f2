import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freezeDocument } from '../../../lib/private/freeze-document';

interface Document {
  readonly parameters: Readonly<Record<string, { readonly allowedPattern: string }>>;
  readonly mainSteps: readonly [{ readonly inputs: { readonly runCommand: readonly string[] } }];
}

const document = freezeDocument() as Document;

/** A file server with stubs for what the script calls. Which mounts are frozen is in files; every call is in a log. */
class Server {
  public readonly folder = mkdtempSync(join(tmpdir(), 'freeze-'));

  public constructor({ systemd = true, refuses = '' } = {}) {
    this.stub('fsfreeze', [
      'name="$FOLDER/frozen$(echo "$2" | tr / _)"',
      'echo "fsfreeze $1 $2" >> "$FOLDER/log"',
      `if [ "$1" = -f ]; then [ "$2" = '${refuses}' ] && exit 1; [ -e "$name" ] && exit 1; touch "$name"; else rm "$name"; fi`,
    ]);
    this.stub('mountpoint', ['[ "$2" != /not/mounted ]']);
    this.stub('systemctl', ['echo "systemctl $*" >> "$FOLDER/log"']);
    if (systemd) this.stub('systemd-run', ['echo "systemd-run $*" >> "$FOLDER/log"']);
    this.stub('setsid', ['echo "setsid $*" >> "$FOLDER/log"', 'exec "$@"']);
    this.stub('sleep', ['echo "sleep $*" >> "$FOLDER/log"', 'exec /bin/sleep 0.2']);
    for (const tool of ['cksum', 'cut', 'tr', 'touch', 'rm', 'cat', 'sh'])
      this.stub(tool, [`exec ${execFileSync('which', [tool], { encoding: 'utf8' }).trim()} "$@"`]);
  }

  /** Runs the document. */
  public run(action: string, mounts = '/srv/a /srv/b'): { readonly status: number | null; readonly out: readonly string[] } {
    const script = document.mainSteps[0].inputs.runCommand
      .join('\n')
      .replace('{{ Action }}', action)
      .replace('{{ MountPoints }}', mounts)
      .replace('{{ LimitSeconds }}', '30')
      .replace('pid="/run/', `pid="${this.folder}/`);
    const { status, stdout } = spawnSync('/bin/sh', ['-c', script], {
      encoding: 'utf8',
      env: { PATH: this.folder, FOLDER: this.folder },
    });
    return { status, out: stdout.split('\n').filter((line) => line !== '') };
  }

  public frozen(mount: string): boolean {
    return existsSync(join(this.folder, `frozen${mount.replace(/\//g, '_')}`));
  }

  public get log(): string[] {
    return readFileSync(join(this.folder, 'log'), 'utf8').split('\n');
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private stub(name: string, lines: readonly string[]): void {
    const path = join(this.folder, name);
    writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'));
    chmodSync(path, 0o755);
  }
}

let made: Server | undefined;
const on = (options?: ConstructorParameters<typeof Server>[0]): Server => (made = new Server(options));
afterEach(() => {
  made?.remove();
  made = undefined;
});

test('a freeze arms the timer first, then freezes every mount', () => {
  const server = on();
  expect(server.run('freeze')).toEqual({ status: 0, out: ['frozen /srv/a', 'frozen /srv/b'] });
  expect([server.frozen('/srv/a'), server.frozen('/srv/b')]).toEqual([true, true]);
  const armed = server.log.findIndex((line) => line.startsWith('systemd-run'));
  expect(server.log[armed]).toMatch(/--on-active=30 .*for mount in \/srv\/a \/srv\/b; do fsfreeze -u "\$mount"; done/);
  expect(armed).toBeLessThan(server.log.indexOf('fsfreeze -f /srv/a'));
});

test('the timer belongs to its mount points: that of others is left alone', () => {
  const server = on();
  server.run('freeze', '/srv/a');
  server.run('freeze', '/srv/b');
  const units = server.log.flatMap((line) => /--unit=(\S+)/.exec(line)?.slice(1) ?? []);
  expect(new Set(units).size).toBe(2);
});

test('a thaw says that all were still frozen, and takes the timer away', () => {
  const server = on();
  server.run('freeze');
  expect(server.run('thaw')).toEqual({ status: 0, out: ['thawed /srv/a', 'thawed /srv/b'] });
  expect(server.frozen('/srv/a')).toBe(false);
  expect(server.log.filter((line) => /systemctl stop .*thaw-\d+\.timer/.test(line)).length).toBeGreaterThanOrEqual(2);
});

test('a thaw that comes too late says so', () => {
  const server = on();
  expect(server.run('thaw')).toEqual({ status: 3, out: ['was not frozen /srv/a', 'was not frozen /srv/b'] });
});

test('when one mount cannot be frozen, those before it are thawed at once', () => {
  const server = on({ refuses: '/srv/b' });
  expect(server.run('freeze').status).toBe(1);
  expect([server.frozen('/srv/a'), server.frozen('/srv/b')]).toEqual([false, false]);
});

test('nothing is frozen when nothing is mounted at one of the places', () => {
  const server = on();
  expect(server.run('freeze', '/srv/a /not/mounted').status).toBe(1);
  expect(server.frozen('/srv/a')).toBe(false);
});

test('without systemd a process of its own thaws after the limit', async () => {
  const server = on({ systemd: false });
  expect(server.run('freeze').status).toBe(0);
  expect(server.log).toContainEqual(expect.stringMatching(/^setsid sh -c sleep 30; for mount in/));
  for (let tries = 0; tries < 100 && server.frozen('/srv/b'); tries++) await new Promise((resolve) => setTimeout(resolve, 20));
  expect([server.frozen('/srv/a'), server.frozen('/srv/b')]).toEqual([false, false]);
});

test.each([
  ['Action', 'freeze', 'freeze; reboot'],
  ['MountPoints', '/srv/a /srv/b', "/srv/a'; reboot; '"],
  ['MountPoints', '/srv/a', '/srv/$(reboot)'],
  ['LimitSeconds', '30', '30; reboot'],
  ['LimitSeconds', '300', '0'],
])('%s takes %s, and not %s', (name, good, bad) => {
  const pattern = new RegExp(document.parameters[name]!.allowedPattern);
  expect([pattern.test(good), pattern.test(bad)]).toEqual([true, false]);
});
