export * from './capacity-strategy';
export * from './database';
export * from './node-images';
export * from './node-protocol';
export * from './rolling-upgrade';
export * from './rolling-upgrade-props';
export * from './schedule';
export * from './shared-home';
