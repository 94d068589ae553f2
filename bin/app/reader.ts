/** Reads settings and collects what is wrong with them, so that one message can say all of it. */
export class Reader {
  private readonly lines: string[] = [];

  public constructor(private readonly get: (key: string) => unknown) {}

  /** A text that must be there; empty when it is not, or is malformed. */
  public required(key: string, form: RegExp, example: string): string {
    if (this.given(key) === undefined) this.missing(key, example);
    return this.optional(key, form, example) ?? '';
  }

  /** A text that may be missing. */
  public optional(key: string, form: RegExp, example: string): string | undefined {
    const value = this.given(key);
    if (value === undefined) return undefined;
    if (typeof value === 'string' && form.test(value)) return value;
    this.malformed(key, value, example);
    return undefined;
  }

  /** Texts that must be there: an array (in cdk.json), or separated by commas. */
  public list(key: string, form: RegExp, example: string): string[] {
    if (this.given(key) === undefined) this.missing(key, example);
    return this.optionalList(key, form, example);
  }

  /** Texts that may be missing. */
  public optionalList(key: string, form: RegExp, example: string): string[] {
    const value = this.given(key);
    if (value === undefined) return [];
    const items: unknown[] = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [value];
    const texts = items.map((item) => (typeof item === 'string' ? item.trim() : item));
    for (const text of texts.filter((item) => typeof item !== 'string' || !form.test(item))) this.malformed(key, text, example);
    return texts.filter((item) => typeof item === 'string');
  }

  /** A whole number, positive unless `least` says otherwise, that may be missing. */
  public number(key: string, example: string, least = 1): number | undefined {
    const value = this.given(key);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (Number.isInteger(number) && number >= least) return number;
    this.malformed(key, value, example);
    return undefined;
  }

  /** One of a few words, or nothing. */
  public choice<T extends string>(key: string, words: readonly [T, ...T[]]): T | undefined {
    const value = this.given(key);
    const word = words.find((candidate) => candidate === value);
    if (value !== undefined && word === undefined) this.malformed(key, value, words.join(' or '));
    return word;
  }

  /** `true` or `false`, or nothing. */
  public flag(key: string): boolean | undefined {
    const value = this.given(key);
    if (value === undefined) return undefined;
    if (value === true || value === 'true') return true;
    if (value === false || value === 'false') return false;
    this.malformed(key, value, 'true');
    return undefined;
  }

  /** Whether a setting is given, well-formed or not. */
  public has(key: string): boolean {
    return this.given(key) !== undefined;
  }

  /** An object (in cdk.json), or its JSON; or nothing. */
  public map(key: string, keys: RegExp, values: RegExp, example: string): Record<string, string> | undefined {
    const value = this.given(key);
    if (value === undefined) return undefined;
    const object = typeof value === 'string' ? parse(value) : value;
    if (isObject(object)) {
      const entries = Object.entries(object);
      const good = entries.filter((entry): entry is [string, string] => keys.test(entry[0]) && values.test(String(entry[1])));
      if (good.length === entries.length && good.length > 0) return Object.fromEntries(good);
    }
    this.malformed(key, value, example);
    return undefined;
  }

  /** Notes that a setting is missing. */
  public missing(key: string, example: string): void {
    this.lines.push(`  ${key} is missing, for example: -c ${key}=${quoted(example)}`);
  }

  /** Notes what is wrong with a setting. */
  public problem(key: string, message: string): void {
    this.lines.push(`  ${key} ${message}`);
  }

  /** @throws when anything is missing or malformed */
  public throwIfAny(): void {
    if (this.lines.length === 0) return;
    throw new SettingsError(
      [
        'The app needs to know the cluster. Give these settings with -c key=value, or under "context" in cdk.json:',
        ...this.lines,
        'README.md describes every setting.',
      ].join('\n'),
    );
  }

  private malformed(key: string, value: unknown, example: string): void {
    this.lines.push(`  ${key} is '${printed(value)}', but must be like: ${quoted(example)}`);
  }

  /** An empty text counts as missing: a shell writes it for a variable that is not set. */
  private given(key: string): unknown {
    const value = this.get(key);
    return value === '' || value === null ? undefined : value;
  }
}

/** Says everything that is wrong with the settings. */
export class SettingsError extends Error {
  public override readonly name = 'SettingsError';
}

function quoted(text: string): string {
  return /[\s"(){}?*,]/.test(text) ? `'${text}'` : text;
}

function printed(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
