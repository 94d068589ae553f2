import { AutoScalingClient, DescribeScheduledActionsCommand, DescribeWarmPoolCommand } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient, GetMetricDataCommand, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { CreateLaunchTemplateVersionCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { GetCalendarStateCommand, SSMClient } from '@aws-sdk/client-ssm';
import { SimulatedResponse } from '../../../../simulator/kernel/http-shim';
import { seeded } from '../../../../simulator/kernel/random';
import { ChangeCalendars } from '../../../../simulator/services/ssm/change-calendar';
import { AwsServer } from '../../../../simulator/wire/server';
import { world } from './world';

interface Sent {
  readonly hostname: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

/** The world as the real SDK clients reach it; `denied`: the actions that no policy allows. */
function reached(denied: readonly string[] = []) {
  const w = world({ warmPool: { MinSize: 1, PoolState: 'Running' } });
  const calendars = new ChangeCalendars(w.clock, 'eu-west-1', '123456789012');
  calendars.set('freeze', { byDefault: 'CLOSED' });
  const server = new AwsServer({
    ...{ clock: w.clock, random: seeded(1), journal: w.journal },
    authorizer: {
      authorize: (_, { action }) => (denied.includes(action) ? { allowed: false, reason: `may not ${action}` } : { allowed: true }),
    },
    sessionOf: () => ({ caller: { roleLogicalId: 'Role', roleArn: 'arn', name: 'check' }, execution: '' }),
    faultFor: () => undefined,
  });
  for (const service of [...w.cloud.services, calendars]) server.register(service);
  const handle = ({ hostname, path, headers: given, body }: Sent): unknown => {
    const headers = Object.fromEntries(Object.entries(given).map(([key, value]) => [key.toLowerCase(), value]));
    const text = typeof body === 'string' ? body : Buffer.concat([body as Uint8Array]).toString();
    const answer = server.handle({ method: 'POST', protocol: 'https', host: hostname, port: 443, path, headers, body: text });
    if (typeof answer === 'string') throw new Error(answer);
    const response = new SimulatedResponse(answer, undefined as never);
    return Promise.resolve({ response: { statusCode: answer.status, headers: response.headers, body: response } });
  };
  const config = {
    ...{ region: 'eu-west-1', maxAttempts: 1, credentials: { accessKeyId: 'A', secretAccessKey: 's' } },
    requestHandler: { handle },
  };
  const make = <C>(Client: new (settings: never) => C): C => new Client(config as never);
  return { w, make };
}

const RUN = { LaunchTemplate: { LaunchTemplateId: 'lt-1' }, MinCount: 1, MaxCount: 1, DryRun: true };

test('a dry run is answered 412 and is no call that changes anything', async () => {
  const { w, make } = reached();
  const failed = { name: 'DryRunOperation', $metadata: { httpStatusCode: 412 } };
  await expect(make(EC2Client).send(new RunInstancesCommand(RUN))).rejects.toMatchObject(failed);
  const version = { LaunchTemplateId: 'lt-1', LaunchTemplateData: { ImageId: 'ami-new' } };
  await expect(make(EC2Client).send(new CreateLaunchTemplateVersionCommand({ ...version, DryRun: true }))).rejects.toMatchObject(failed);
  await make(EC2Client).send(new CreateLaunchTemplateVersionCommand(version));
  const calls = w.journal.entries.filter(({ kind }) => kind === 'call');
  expect(calls.map(({ mutates }) => mutates)).toEqual([false, false, true]);
});

test.each(['ec2:RunInstances', 'ec2:CreateTags', 'iam:PassRole'])('a dry run of a launch without %s is unauthorized', async (action) => {
  const { make } = reached([action]);
  await expect(make(EC2Client).send(new RunInstancesCommand(RUN))).rejects.toMatchObject({
    name: 'UnauthorizedOperation',
    message: expect.stringContaining(`may not ${action}`) as string,
    $metadata: { httpStatusCode: 403 },
  });
});

test('metrics, a calendar, a warm pool and scheduled actions come back as the SDK knows them', async () => {
  const { w, make } = reached();
  const [StartTime, EndTime] = [new Date(w.clock.now() - 3_600_000), new Date(w.clock.now())];
  w.cloud.cpu.set('nodes', 42.5);
  w.cloud.scheduledAction('nodes', w.clock.now() + 1000, 5, 'grow');
  const metric = { Namespace: 'AWS/EC2', MetricName: 'CPUUtilization', Dimensions: [{ Name: 'AutoScalingGroupName', Value: 'nodes' }] };
  const MetricDataQueries = [{ Id: 'cpu', MetricStat: { Metric: metric, Period: 3600, Stat: 'Maximum' } }];
  const data = await make(CloudWatchClient).send(new GetMetricDataCommand({ MetricDataQueries, StartTime, EndTime }));
  expect(data.MetricDataResults).toEqual([
    { Id: 'cpu', Label: 'CPUUtilization', Timestamps: [StartTime], Values: [42.5], StatusCode: 'Complete' },
  ]);
  const statistics = await make(CloudWatchClient).send(
    new GetMetricStatisticsCommand({ ...metric, StartTime, EndTime, Period: 3600, Statistics: ['Average'] }),
  );
  expect(statistics.Datapoints).toEqual([{ Timestamp: StartTime, Unit: 'Percent', Average: 42.5 }]);
  expect(await make(SSMClient).send(new GetCalendarStateCommand({ CalendarNames: ['freeze'] }))).toMatchObject({ State: 'CLOSED' });
  await expect(make(SSMClient).send(new GetCalendarStateCommand({ CalendarNames: ['none'] }))).rejects.toThrow('does not exist');
  const asg = make(AutoScalingClient);
  const pool = await asg.send(new DescribeWarmPoolCommand({ AutoScalingGroupName: 'nodes' }));
  expect(pool.WarmPoolConfiguration).toEqual({ MinSize: 1, PoolState: 'Running' });
  const { ScheduledUpdateGroupActions: actions } = await asg.send(new DescribeScheduledActionsCommand({ AutoScalingGroupName: 'nodes' }));
  expect(actions).toMatchObject([{ ScheduledActionName: 'grow', StartTime: new Date(w.clock.now() + 1000), DesiredCapacity: 5 }]);
});
