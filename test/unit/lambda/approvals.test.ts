/** What people are asked, what their answers come to, and how it is told. */
import fc from 'fast-check';
import { askApproval } from '../../../lambda/ask-approval/handler';
import { readEnvironment } from '../../../lambda/adapters/environment';
import { judgeApproval } from '../../../lambda/core/approval-judgement';
import type { ApprovalGround } from '../../../lambda/core/approval-question';
import { makeApprovalQuestion } from '../../../lambda/core/approval-question';
import { countReplaced } from '../../../lambda/core/choose';
import { makePlanPage } from '../../../lambda/core/plan-page';
import { planPageText } from '../../../lambda/core/plan-page-text';
import { decideRecovery, POLICIES } from '../../../lambda/core/recovery';
import { makeReport } from '../../../lambda/core/report';
import { NOTHING_ROLLED } from '../../../lambda/core/rolled';
import { surgeSizes } from '../../../lambda/core/surge';
import type { Told } from '../../../lambda/core/told';
import { isTurned, turn } from '../../../lambda/core/direction';
import { gateOf } from '../../../lambda/shared/gate';
import type { ApprovalGate, Approvals, Unanswered } from '../../../lib/contract/approvals';
import { APPROVAL_GATES, NOTHING_ASKED } from '../../../lib/contract/approvals';
import { RETRYABLE_ERRORS, TERMINAL_ERRORS } from '../../../lib/contract/errors';
import { limits, member, NEW_IMAGE, news, NOW, OLD_IMAGE, olds, plan, run } from './support/build';

const judge = (
  approvals: Partial<Approvals>,
  gate: ApprovalGate = 'after-plan',
  ifUnanswered: Unanswered = 'stop',
  before: Approvals = NOTHING_ASKED,
): Approvals =>
  judgeApproval({ gate, spec: { timeLimit: 3600, ifUnanswered }, plan: plan(), approvals: { ...before, ...approvals }, now: NOW });
const sent = (output: unknown, gate?: ApprovalGate): Approvals => judge({ sent: output }, gate);
const signed = { answer: 'approve', by: 'Ada', reason: 'CHG-4711' };
const approved = { fromVersion: '9.4.20', toVersion: '9.4.23', originalImageId: OLD_IMAGE, targetImageId: NEW_IMAGE };

describe('an answer', () => {
  test('that approves is kept with who, why and when, and lets that gate pass, and no other', () => {
    expect(sent(signed)).toEqual({
      ...NOTHING_ASKED,
      verdict: 'approved',
      plan: approved,
      answers: [{ gate: 'after-plan', answer: 'approve', by: 'Ada', reason: 'CHG-4711', at: NOW.toISOString() }],
    });
    expect(sent(signed, 'after-first-node')).toMatchObject({
      verdict: 'approved',
      firstNode: true,
      finalizing: false,
      plan: NOTHING_ASKED.plan,
    });
    expect(sent(signed, 'before-finalize')).toMatchObject({
      verdict: 'approved',
      firstNode: false,
      finalizing: true,
      plan: NOTHING_ASKED.plan,
    });
  });

  test('that rejects is an error that says who and why; a name is not needed for it', () => {
    expect(sent({ answer: 'reject', by: 'Ada', reason: 'not in this week' }, 'after-first-node')).toMatchObject({
      verdict: 'not-approved',
      firstNode: false,
      refusal: {
        Error: 'ApprovalRejected',
        Cause: 'Ada rejected the first node of the upgrade of bitbucket-nodes from 9.4.20 to 9.4.23: not in this week.',
      },
    });
    expect(sent({ answer: 'reject' }).refusal).toMatchObject({
      Error: 'ApprovalRejected',
      Cause: expect.stringContaining('Somebody rejected the plan') as string,
    });
  });

  test.each([
    ['nothing', undefined],
    ['a text', 'approve'],
    ['a list', ['approve']],
    ['another word', { answer: 'yes', by: 'Ada', reason: 'because' }],
    ['no name', { answer: 'approve', reason: 'because' }],
    ['no reason', { answer: 'approve', by: 'Ada' }],
    ['a blank name', { answer: 'approve', by: ' \n', reason: 'because' }],
    ['a name that is none', { answer: 'approve', by: 7, reason: 'because' }],
    ['the command as it was sent', { answer: 'approve', by: 'your name', reason: 'why' }],
  ])('that cannot be understood is asked again, and told: %s', (_, output) => {
    const { verdict, misunderstood, answers, plan: none } = sent(output);
    expect([verdict, none]).toEqual(['ask-again', NOTHING_ASKED.plan]);
    expect(misunderstood).toContain('this was sent');
    expect(answers).toMatchObject([{ answer: 'not-understood', reason: misunderstood }]);
  });

  test('takes away what was sent and why it was refused before, and keeps what was answered', () => {
    const first = judge({ sent: 'what?' });
    const second = judge({ sent: signed }, 'after-plan', 'stop', first);
    expect(second).toEqual({ ...sent(signed), answers: [...first.answers, ...sent(signed).answers] });
    expect(judge({ sent: signed }, 'before-finalize', 'stop', second)).toMatchObject({ plan: approved, finalizing: true });
  });

  test('of any length is kept short, on one line', () => {
    const [answer] = sent({ ...signed, by: 'A\nda'.repeat(1000), reason: 'x'.repeat(10_000) }).answers;
    expect(answer?.by.length).toBeLessThanOrEqual(100);
    expect(answer?.by).not.toContain('\n');
    expect(answer?.reason.length).toBeLessThanOrEqual(500);
    expect(JSON.stringify(sent('x'.repeat(100_000))).length).toBeLessThan(2000);
  });
});

describe('no answer', () => {
  const timeOut = { failure: { Error: 'States.Timeout', Cause: '' } };
  test.each([
    ['stop', 'not-approved', 'ApprovalMissing'],
    ['reject', 'not-approved', 'ApprovalRejected'],
    ['approve', 'approved', undefined],
  ] as const)('in time comes to what is configured: %s', (ifUnanswered, verdict, error) => {
    const judged = judge(timeOut, 'before-finalize', ifUnanswered);
    expect([judged.verdict, judged.refusal?.Error, judged.finalizing]).toEqual([verdict, error, verdict === 'approved']);
    expect(judged.answers).toMatchObject([
      { answer: 'unanswered', by: '', reason: expect.stringContaining('nobody answered within 60 min') as string },
    ]);
  });

  test.each([...RETRYABLE_ERRORS, ...TERMINAL_ERRORS, 'Lambda.Unknown', 'States.TaskFailed', 'Runtime.ExitError'])(
    'because nobody could be asked (%s) is never an approval',
    (error) => {
      const failure = { Error: error, Cause: JSON.stringify({ errorType: error, errorMessage: 'no topic' }) };
      expect(judge({ failure }, 'after-plan', 'approve').refusal).toEqual({
        Error: 'ApprovalMissing',
        Cause: `Nobody approved the plan of the upgrade of bitbucket-nodes from 9.4.20 to 9.4.23: nobody could be asked: ${error}: no topic.`,
      });
      expect(judge({ failure }, 'after-plan', 'reject').refusal?.Error).toBe('ApprovalRejected');
    },
  );

  test('but a refused token is a rejection with its cause', () => {
    const { refusal, answers } = judge({ failure: { Error: 'NotToday', Cause: 'the board is on holiday' } }, 'after-plan', 'approve');
    expect(refusal).toMatchObject({
      Error: 'ApprovalRejected',
      Cause: expect.stringContaining('refused with NotToday: the board is on holiday') as string,
    });
    expect(answers).toMatchObject([{ answer: 'reject', by: '' }]);
    expect(judge({ failure: {} }).refusal?.Error).toBe('ApprovalRejected');
  });
});

test('whatever is sent, only an approval that is signed lets a gate pass, and every question leaves one line', () => {
  const outputs = fc.oneof(
    fc.anything(),
    fc.record({ answer: fc.constantFrom('approve', 'reject', ''), by: fc.string(), reason: fc.string() }),
  );
  fc.assert(
    fc.property(
      outputs,
      fc.constantFrom(...APPROVAL_GATES),
      fc.constantFrom<Unanswered>('stop', 'approve', 'reject'),
      (output, gate, silence) => {
        const { verdict, answers, refusal, sent: kept, failure } = judge({ sent: output }, gate, silence);
        expect(answers).toHaveLength(1);
        expect([kept, failure]).toEqual([undefined, undefined]);
        expect(refusal !== undefined).toBe(verdict === 'not-approved');
        if (verdict === 'approved') {
          const { answer, by, reason } = output as Record<string, unknown>;
          expect([answer, String(by).trim() !== '', String(reason).trim() !== '']).toEqual(['approve', true, true]);
        }
      },
    ),
  );
});

describe('the question', () => {
  const ground = (change: Partial<ApprovalGround> = {}): ApprovalGround => ({
    token: "tok'en",
    gate: 'after-plan',
    plan: plan(),
    run,
    approvals: NOTHING_ASKED,
    gates: { 'after-plan': { timeLimit: 3600, ifUnanswered: 'stop' } },
    spec: { timeLimit: 3600, ifUnanswered: 'stop' },
    noBackupBecause: '',
    times: { limits },
    ...change,
  });
  const text = (change: Partial<ApprovalGround> = {}): string => makeApprovalQuestion(ground(change), NOW).text;

  test('has both commands, ready to paste, with what follows from each and until when', () => {
    const command = (answer: string): string =>
      `aws stepfunctions send-task-success --region eu-west-1 --task-token 'tok'\\''en' --task-output '{"answer":"${answer}","by":"your name","reason":"why"}'`;
    for (const gate of APPROVAL_GATES) {
      expect(text({ gate })).toContain(command('approve'));
      expect(text({ gate })).toContain(command('reject'));
      expect(text({ gate })).toContain('Without an answer until 2026-03-01T13:00:00Z');
      expect(text({ gate })).toMatch(new RegExp(`^Approval: ${gate}$`, 'm'));
    }
    expect(makeApprovalQuestion(ground(), NOW).subject).toBe('Bitbucket: APPROVAL WANTED, the plan, 9.4.20 to 9.4.23 (bitbucket-nodes)');
  });

  test('about the plan is the plan; the commands come first, lest they be cut off', () => {
    const page = makePlanPage({ plan: plan(), noBackupBecause: '', times: { limits }, gates: {} });
    const [first] = planPageText(page);
    expect(text()).toContain(first);
    expect(text().indexOf('send-task-success')).toBeLessThan(text().indexOf('The plan:'));
  });

  test('about nodes says what was done', () => {
    const completed = [
      {
        old: { instanceId: 'i-old1', privateIp: '10.0.0.1' },
        replacement: { instanceId: 'i-new1', privateIp: '10.0.1.1' },
        standbyAt: '',
        drainedAt: '',
        retiredAt: '',
        bootSeconds: 300,
      },
    ];
    expect(text({ gate: 'after-first-node', rolled: { ...NOTHING_ROLLED, completed } })).toContain(
      '- i-old1 (10.0.0.1): replaced by i-new1 (10.0.1.1), good 300 s after its launch',
    );
  });

  test('that is asked again says why', () => {
    expect(text()).not.toContain('asked again:');
    expect(text({ approvals: { ...NOTHING_ASKED, misunderstood: 'an approval needs a name' } })).toContain(
      'You are asked again: an approval needs a name',
    );
    expect(text({ approvals: { ...NOTHING_ASKED, plan: { ...approved, toVersion: '9.4.22', targetImageId: 'ami-22' } } })).toContain(
      `Approved was 9.4.20 (${OLD_IMAGE}) to 9.4.22 (ami-22); now it is 9.4.20 (${OLD_IMAGE}) to 9.4.23 (${NEW_IMAGE}).`,
    );
  });

  test('goes to the topic, token and all, and the token nowhere else; not when the lock is lost', async () => {
    const published: Told[] = [];
    const topic = { publish: (told: Told) => Promise.resolve(void published.push(told)) };
    const held = { holder: () => Promise.resolve({ owner: run.executionArn, since: '' }) };
    const result = await askApproval(ground({ token: 'secret-token' }), NOW, { topic, table: held });
    expect(published[0]?.text).toContain('secret-token');
    expect(published[0]).toMatchObject({
      event: 'approval-wanted',
      details: { gate: 'after-plan', taskToken: 'secret-token', answers: ['approve', 'reject'], ifUnanswered: 'stop' },
    });
    expect(JSON.stringify(result)).not.toContain('secret-token');
    const lost = { holder: () => Promise.resolve(undefined) };
    await expect(askApproval(ground(), NOW, { topic, table: lost })).rejects.toMatchObject({ name: 'LockLost' });
    expect(published).toHaveLength(1);
  });
});

describe('after a refusal', () => {
  const decide = (error: string, made: 'mixed' | 'upgraded', policy: (typeof POLICIES)[number]) =>
    decideRecovery({
      plan: plan(),
      failure: { Error: error, Cause: 'why' },
      made,
      rolled: NOTHING_ROLLED,
      answer: { answer: '' },
      policy,
      budget: 2,
    });

  test.each(POLICIES)(
    'by the policy %s a rejection is rolled back, of the whole cluster too, and a missing answer stops the run',
    (policy) => {
      for (const made of ['mixed', 'upgraded'] as const) {
        const rejected = decide('ApprovalRejected', made, policy);
        expect([rejected.action, isTurned(rejected.plan)]).toEqual(['roll-back', true]);
        expect(decide('ApprovalMissing', made, policy).action).toBe('stop');
      }
    },
  );

  test('the whole cluster needs its extra node on the way back, also for a run that found every node upgraded', () => {
    const sizes = { min: 4, max: 4, desired: 4 };
    expect(surgeSizes(turn(plan({ nodes: [] })), sizes)).toEqual({ max: 5, desired: 5 });
  });
});

describe('how many nodes are replaced', () => {
  const count = (members: ReturnType<typeof olds>): number => countReplaced(plan(), NOTHING_ROLLED, members);
  test('is told by the old ones that are missing, not by the surge', () => {
    expect(count([...olds(1, 2, 3, 4), ...news(1)])).toBe(0);
    expect(count([...olds(1, 2, 3), ...news(1, 2)])).toBe(1);
    expect(count([...olds(2, 3, 4), member('i-old1', { lifecycleState: 'Terminating' }), ...news(1, 2)])).toBe(1);
    expect(count([...olds(2, 3, 4), member('i-old1', { lifecycleState: 'Standby' }), ...news(1, 2)])).toBe(0);
  });
  test('is never less than what the run knows of', () => {
    const done = { old: { instanceId: 'i-old1', privateIp: '' }, standbyAt: '', drainedAt: '', retiredAt: '', bootSeconds: 0 };
    expect(countReplaced(plan(), { ...NOTHING_ROLLED, completed: [done] }, olds(1, 2, 3, 4))).toBe(1);
  });
});

describe('the report', () => {
  const answers = [
    { gate: 'after-plan', answer: 'approve', by: 'Ada', reason: 'CHG-4711', at: '2026-03-01T12:00:00Z' },
    { gate: 'before-finalize', answer: 'unanswered', by: '', reason: 'nobody answered within 60 min', at: '2026-03-01T14:00:00Z' },
  ] as const;
  const held = { outcome: 'FAILED', run, plan: plan(), made: 'upgraded', restoreFailure: { Error: '', Cause: '' } } as const;

  test('says who approved what and why, as text and as JSON', () => {
    const report = makeReport({ outcome: 'SUCCEEDED', run, plan: plan(), approvals: { answers } });
    expect(report.approvals).toEqual(answers);
    expect(report.text).toContain('- the plan: approved by Ada at 2026-03-01T12:00:00Z: CHG-4711');
    expect(report.text).toContain('- finalizing: NOT ANSWERED at 2026-03-01T14:00:00Z: nobody answered within 60 min');
    expect(makeReport({ outcome: 'SUCCEEDED', run, plan: plan() }).text).not.toContain('Approvals');
  });

  test('of a run that nobody let finalize says that it is held; of any other failure with upgraded nodes, that it failed', () => {
    expect(makeReport({ ...held, failure: { Error: 'ApprovalMissing', Cause: 'nobody' } })).toMatchObject({
      outcome: 'HELD',
      error: 'ApprovalMissing',
    });
    expect(makeReport({ ...held, failure: { Error: 'FinalizeFailed', Cause: 'no' } }).outcome).toBe('FAILED');
  });

  test('of a refusal says when the lock could not be released', () => {
    const refused = { outcome: 'REFUSED', run, failure: { Error: 'ApprovalRejected', Cause: 'no' } } as const;
    expect(makeReport({ ...refused, restoreFailure: { Error: 'AwsRejected', Cause: 'x' } }).text).toContain(
      'lock of the cluster could not be released',
    );
    expect(makeReport(refused).text).not.toContain('could not be released');
  });
});

test('the plan says who is asked, and what follows without an answer', () => {
  const gates = {
    'before-finalize': { timeLimit: 7200, ifUnanswered: 'approve' },
    'after-plan': { timeLimit: 3600, ifUnanswered: 'reject' },
    'after-first-node': { timeLimit: 86400, ifUnanswered: 'stop' },
  } as const;
  const page = makePlanPage({ plan: plan(), noBackupBecause: '', times: { limits }, gates });
  expect(page.approvals.map(({ gate }) => gate)).toEqual([...APPROVAL_GATES]);
  const text = planPageText(page).join('\n');
  expect(text).toContain(
    'whether to carry out the plan; without an answer within 60 min the run ends, as if it were rejected; nothing is changed',
  );
  expect(text).toContain('whether the others may follow; without an answer within 24 h the run ends held');
  expect(text).toContain('whether to finalize; without an answer within 2 h the run goes on, as if it were approved');
  expect(planPageText(makePlanPage({ plan: plan(), noBackupBecause: '', times: { limits }, gates: {} })).join('\n')).not.toContain(
    'People are asked',
  );
});

describe('the environment', () => {
  const read = (APPROVALS?: string) => readEnvironment((reader) => reader.approvals(), APPROVALS === undefined ? {} : { APPROVALS });
  test('has the gates, or none', () => {
    expect(read()).toEqual({});
    expect(read('{"after-plan":{"timeLimit":300,"ifUnanswered":"stop"}}')).toEqual({
      'after-plan': { timeLimit: 300, ifUnanswered: 'stop' },
    });
  });
  test.each([
    '{',
    '{"later":{"timeLimit":300,"ifUnanswered":"stop"}}',
    '{"after-plan":{"timeLimit":"1","ifUnanswered":"stop"}}',
    '{"after-plan":{"timeLimit":1}}',
  ])('that is not as the construct sets it is told: %s', (value) => {
    expect(() => read(value)).toThrow(
      expect.objectContaining({ name: 'ConfigurationInvalid', message: expect.stringContaining('APPROVALS') as string }) as Error,
    );
  });
  test('without the gate that is asked about is told, too', () => {
    expect(() => gateOf({}, 'after-plan')).toThrow('knows no gate after-plan, only none');
  });
});
