import type { Account } from '../account/account';
import { Images } from './images';
import { Instances } from './instances';
import { LaunchTemplates } from './launch-templates';
import { Snapshots } from './snapshots';

/** EC2 and EBS of the simulated account. */
export class Ec2 {
  readonly images: Images;
  readonly launchTemplates: LaunchTemplates;
  readonly instances: Instances;
  readonly snapshots: Snapshots;

  constructor(readonly account: Account) {
    this.images = new Images(account);
    this.launchTemplates = new LaunchTemplates(account);
    this.instances = new Instances(account, this.images);
    this.snapshots = new Snapshots(account, this.instances);
  }
}
