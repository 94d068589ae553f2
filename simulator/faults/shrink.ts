/**
 * Leaves out one thing after the other, as long as it still fails without: what is left is needed for the failure.
 *
 * @param fails whether it fails with these things only
 */
export async function shrink<T>(things: readonly T[], fails: (things: readonly T[]) => Promise<boolean>): Promise<readonly T[]> {
  let left = things;
  for (let index = 0; index < left.length;) {
    const fewer = left.filter((_, at) => at !== index);
    if (await fails(fewer)) left = fewer;
    else index += 1;
  }
  return left;
}
