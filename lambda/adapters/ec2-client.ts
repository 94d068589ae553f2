import { EC2Client } from '@aws-sdk/client-ec2';
import { CLIENT_SETTINGS } from './client-settings';

let client: EC2Client | undefined;

/** The client of EC2, made when it is first needed. */
export const ec2 = (): EC2Client => (client ??= new EC2Client(CLIENT_SETTINGS));
