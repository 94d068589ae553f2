import { RDSClient } from '@aws-sdk/client-rds';
import { CLIENT_SETTINGS } from './client-settings';

let client: RDSClient | undefined;

/** The client of RDS, made when it is first needed. */
export const rds = (): RDSClient => (client ??= new RDSClient(CLIENT_SETTINGS));
