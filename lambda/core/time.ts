/** Whole seconds from one ISO 8601 time to another; never negative. */
export const secondsBetween = (from: string, to: Date): number => Math.max(0, Math.floor((to.getTime() - new Date(from).getTime()) / 1000));
