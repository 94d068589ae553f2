import type { Account } from '../account/account';
import { Images } from './images';
import { Instances } from './instances';
import { LaunchTemplates } from './launch-templates';
import { Snapshots } from './snapshots';
import { Volumes } from './volumes';

/** EC2 and EBS of the simulated account. */
export class Ec2 {
  readonly images: Images;
  readonly launchTemplates: LaunchTemplates;
  readonly instances: Instances;
  readonly volumes: Volumes;
  readonly snapshots: Snapshots;

  constructor(readonly account: Account) {
    this.images = new Images(account);
    this.launchTemplates = new LaunchTemplates(account);
    this.instances = new Instances(account, this.images);
    this.volumes = new Volumes(account, this.instances);
    this.snapshots = new Snapshots(account, this.instances, this.volumes, this.images);
  }
}
