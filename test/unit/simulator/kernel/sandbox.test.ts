import { START_TIME, VirtualClock } from '../../../../simulator/kernel/clock';
import { Internet } from '../../../../simulator/kernel/internet';
import type { HttpAnswer, HttpFailure } from '../../../../simulator/kernel/internet';
import { seeded } from '../../../../simulator/kernel/random';
import { readSource, Sandbox } from '../../../../simulator/kernel/sandbox';
import { scratchFile } from './support/fixture';

interface World {
  readonly clock: VirtualClock;
  readonly internet: Internet;
  readonly logs: string[];
  /** Runs `exports.run()` of the code and gives its result. */
  readonly run: (code: string) => Promise<unknown>;
}

function world(seed = 1): World {
  const clock = new VirtualClock();
  const random = seeded(seed);
  const internet = new Internet(clock, random);
  const logs: string[] = [];
  const run = async (code: string): Promise<unknown> => {
    const sandbox = new Sandbox({ environment: { NAME: 'value' } });
    sandbox.enter({ clock, random, internet, log: (level, text) => logs.push(`${level} ${text}`) });
    let result: { value?: unknown; error?: unknown } | undefined;
    void Promise.resolve()
      .then(() => (sandbox.load(readSource(scratchFile(code)))['run'] as () => unknown)())
      .then(
        (value) => (result = { value }),
        (error: unknown) => (result = { error }),
      );
    clock.wake();
    await clock.run(() => result !== undefined);
    if (result?.error !== undefined) throw new Error((result.error as Error).message);
    return result?.value;
  };
  return { clock, internet, logs, run };
}

describe('evaluated code', () => {
  test('lives on virtual time', async () => {
    const code = `const { setTimeout: sleep } = require('timers/promises');
      exports.run = async () => { await new Promise((r) => setTimeout(r, 3600000)); await sleep(5); return [Date.now(), new Date().toISOString(), performance.now()]; };`;
    expect(await world().run(code)).toEqual([START_TIME + 3_600_005, '2026-01-06T02:00:00.005Z', 3_600_005]);
  });

  test('a cleared timer does not fire, an interval fires until it is cleared', async () => {
    const code = `exports.run = () => new Promise((done) => {
      let n = 0; const t = setTimeout(() => done('late'), 50); clearTimeout(t);
      const i = setInterval(() => { if (++n === 3) { clearInterval(i); setTimeout(() => done(n), 1000); } }, 10);
    });`;
    expect(await world().run(code)).toBe(3);
  });

  test('has reproducible random numbers of every kind', async () => {
    const code = `const c = require('node:crypto');
      exports.run = () => [Math.random(), c.randomUUID(), c.randomBytes(4).toString('hex'), crypto.randomUUID(), c.createHash('sha256').update('x').digest('hex')];`;
    const [first, again, other] = [await world(1).run(code), await world(1).run(code), await world(2).run(code)] as unknown[][];
    expect(again).toEqual(first);
    expect(other?.slice(0, 4)).not.toEqual(first?.slice(0, 4));
    expect(other?.[4]).toBe('2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881');
  });

  test('sees its own environment only, and leaves nothing behind in the real world', async () => {
    const code = `globalThis.left = 1; process.on('exit', () => {}); exports.run = () => [Object.keys(process.env), globalThis.left];`;
    expect(await world().run(code)).toEqual([['NAME'], 1]);
    expect((globalThis as { left?: number }).left).toBeUndefined();
  });

  test('what it writes to the console is handed over', async () => {
    const { run, logs } = world();
    await run(`exports.run = () => { console.log('a', { b: 1 }); console.error('c'); process.stdout.write('d\\n'); };`);
    expect(logs).toEqual(['INFO a { b: 1 }', 'ERROR c', 'INFO d']);
  });

  test.each([
    ['fs.writeFileSync', `require('fs').writeFileSync('/tmp/x', 'y')`],
    ['net.connect', `require('node:net').connect(80)`],
    ['child_process.exec', `require('child_process').exec('ls')`],
    ['fetch', `await fetch('https://example.com')`],
  ])('cannot use %s', async (name, code) => {
    await expect(world().run(`exports.run = async () => { ${code} };`)).rejects.toThrow(`The simulator does not model ${name}`);
  });

  test('finds no file, as the SDK looks for its configuration', async () => {
    const code = `exports.run = () => require('fs').promises.readFile('/root/.aws/config').catch((e) => e.code);`;
    expect(await world().run(code)).toBe('ENOENT');
  });
});

describe('the simulated network', () => {
  const request = (options: string, more = ''): string => `exports.run = () => new Promise((resolve, reject) => {
    const req = require('node:https').request(${options}, (res) => {
      let body = ''; res.setEncoding('utf8'); res.on('data', (d) => (body += d)); res.on('end', () => resolve([res.statusCode, res.headers['x-a'], body]));
    });
    ${more} req.on('error', (e) => resolve([e.code, e.message])); req.end('hello'); });`;

  const serving = (answer: HttpAnswer | HttpFailure): World => {
    const made = world();
    made.internet.serve(
      (host, port) => host === 'git.example.com' && port === 8443,
      () => answer,
    );
    return made;
  };
  const there = `'https://git.example.com:8443/a?b=1', { method: 'POST' }`;

  test('gives what a server answers', async () => {
    const made = world();
    made.internet.serve(
      (host) => host === 'git.example.com',
      ({ method, protocol, port, path, headers, body }) => ({
        status: 201,
        headers: { 'X-A': '1' },
        body: `${method} ${protocol} ${port} ${path} ${headers['accept'] ?? ''} ${body}`,
      }),
    );
    const options = `{ host: 'git.example.com', path: '/p', method: 'PUT', headers: { Accept: 'x' } }`;
    expect(await made.run(request(options))).toEqual([201, '1', 'PUT https 443 /p x hello']);
    expect(made.clock.now()).toBeGreaterThan(START_TIME);
  });

  test('an unknown host is not found, by name', async () => {
    expect(await world().run(request(there))).toEqual(['ENOTFOUND', 'getaddrinfo ENOTFOUND git.example.com']);
  });

  test.each([
    ['refused', 'ECONNREFUSED'],
    ['reset', 'ECONNRESET'],
    ['timeout', 'ETIMEDOUT'],
  ] as const)('a server that is %s raises %s', async (answer, code) => {
    expect(await serving(answer).run(request(there))).toEqual([code, expect.any(String)]);
  });

  test('a request that is told to time out does so before the network gives up', async () => {
    const made = serving('timeout');
    expect(
      await made.run(request(there, `req.setTimeout(5000, () => req.destroy(Object.assign(new Error('too slow'), { code: 'SLOW' })));`)),
    ).toEqual(['SLOW', 'too slow']);
    expect(made.clock.now() - START_TIME).toBe(5000);
  });

  test('an abort signal ends a request on virtual time', async () => {
    const made = serving('timeout');
    const options = `{ host: 'git.example.com', port: 8443, signal: AbortSignal.timeout(300) }`;
    expect(await made.run(request(options))).toEqual(['ABORT_ERR', 'The operation was aborted']);
    expect(made.clock.now() - START_TIME).toBe(300);
  });

  test('a fault before the effect keeps the request from the server, one after it only hides the answer', async () => {
    const seen: string[] = [];
    const made = world();
    made.internet.serve(
      () => true,
      ({ path }) => (seen.push(path), { status: 200 }),
    );
    made.internet.intercept(({ path }) => ({ when: path === '/before' ? 'before' : 'after', answer: { status: 503 } }));
    for (const path of ['/before', '/after']) expect(await made.run(request(`'https://h${path}'`))).toEqual([503, undefined, '']);
    expect(seen).toEqual(['/after']);
  });
});
