/** A subnet: what instances are launched into. */
export interface Subnet {
  readonly id: string;
  readonly availabilityZone: string;
}

/** Private addresses: each subnet has its own range of 10.0.0.0/8, and no address is given twice. */
export class Addresses {
  private readonly used = new Map<string, number>();

  next(subnetId: string): string {
    const used = this.used.get(subnetId) ?? 0;
    this.used.set(subnetId, used + 1);
    const subnet = [...this.used.keys()].indexOf(subnetId);
    // the first addresses of a subnet are AWS's own: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
    return `10.${subnet}.${Math.floor(used / 240)}.${(used % 240) + 10}`;
  }
}
