import { AwsError } from '../../kernel/ports';

/** A typed attribute value: `{ S: 'text' }`. */
export type AttributeValue = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, AttributeValue>>;

/** A condition as the request gives it. */
export interface ConditionRequest {
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, AttributeValue>>;
}

type Test = (item: Item | undefined) => boolean;

const TOKEN = /\s*(<>|<=|>=|[()=<>,]|[#:]?[A-Za-z_][\w-]*)/y;

const invalid = (message: string): AwsError => new AwsError('ValidationException', `Invalid ConditionExpression: ${message}`);

/**
 * Whether a condition holds for the stored item (undefined: there is none). Modelled: `attribute_exists`, `attribute_not_exists`, `=`, `<>`, `AND`, `OR`,
 * `NOT`, parentheses, placeholders for names and values.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 *
 * @throws AwsError for anything else, by name.
 */
export function conditionHolds(request: ConditionRequest, item: Item | undefined): boolean {
  if (request.ConditionExpression === undefined) return true;
  return new Parser(request.ConditionExpression, request).parse()(item);
}

class Parser {
  private readonly tokens: string[];
  private at = 0;

  constructor(
    expression: string,
    private readonly request: ConditionRequest,
  ) {
    this.tokens = tokenize(expression);
  }

  parse(): Test {
    const test = this.or();
    if (this.at < this.tokens.length) throw invalid(`Syntax error; token: "${this.tokens[this.at] ?? ''}"`);
    return test;
  }

  private or(): Test {
    let test = this.and();
    while (this.takeWord('OR')) {
      const [left, right] = [test, this.and()];
      test = (item) => left(item) || right(item);
    }
    return test;
  }

  private and(): Test {
    let test = this.not();
    while (this.takeWord('AND')) {
      const [left, right] = [test, this.not()];
      test = (item) => left(item) && right(item);
    }
    return test;
  }

  private not(): Test {
    if (this.takeWord('NOT')) {
      const inner = this.not();
      return (item) => !inner(item);
    }
    if (this.take('(')) {
      const inner = this.or();
      this.expect(')');
      return inner;
    }
    return this.comparison();
  }

  private comparison(): Test {
    const token = this.next();
    if (this.take('(')) return this.call(token);
    const left = this.operand(token);
    const operator = this.next();
    if (operator !== '=' && operator !== '<>') throw notModelled(`the operator ${operator}`);
    const right = this.operand(this.next());
    return (item) => {
      const [a, b] = [left(item), right(item)];
      if (a === undefined || b === undefined) return operator === '<>' && a !== b;
      return (JSON.stringify(a) === JSON.stringify(b)) === (operator === '=');
    };
  }

  private call(name: string): Test {
    if (name !== 'attribute_exists' && name !== 'attribute_not_exists') throw notModelled(`the function ${name}`);
    const attribute = this.attributeName(this.next());
    this.expect(')');
    return (item) => (item !== undefined && Object.hasOwn(item, attribute)) === (name === 'attribute_exists');
  }

  private operand(token: string): (item: Item | undefined) => AttributeValue | undefined {
    if (!token.startsWith(':')) {
      const name = this.attributeName(token);
      return (item) => item?.[name];
    }
    const value = this.request.ExpressionAttributeValues?.[token];
    if (value === undefined) throw invalid(`An expression attribute value used in expression is not defined; attribute value: ${token}`);
    return () => value;
  }

  private attributeName(token: string): string {
    if (!token.startsWith('#')) return token;
    const name = this.request.ExpressionAttributeNames?.[token];
    if (name === undefined)
      throw invalid(`An expression attribute name used in the document path is not defined; attribute name: ${token}`);
    return name;
  }

  private next(): string {
    const token = this.tokens[this.at++];
    if (token === undefined) throw invalid('Syntax error; token: <EOF>');
    return token;
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at += 1;
    return true;
  }

  private takeWord(word: string): boolean {
    if (this.tokens[this.at]?.toUpperCase() !== word) return false;
    this.at += 1;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) throw invalid(`Syntax error; expected "${token}"`);
  }
}

const notModelled = (what: string): AwsError =>
  new AwsError('NotImplemented', `The simulator does not model ${what} in a ConditionExpression.`, 501);

function tokenize(expression: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expression.trimEnd().length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(expression);
    if (match?.[1] === undefined) throw notModelled(`"${expression.slice(start)}"`);
    tokens.push(match[1]);
  }
  return tokens;
}
