import { periodEnd } from '../calendar/period.ts';
import type { PlainDate } from '../calendar/plain-date.ts';
import type { FeedSpec, HouseholdDeclaration } from '../catalog/feed.ts';
import { headFieldOf } from '../registry/membership.ts';
import { Fault } from './fault.ts';
import { KeySet } from './key-set.ts';
import type { PersonRow, RowContext } from './row-outcome.ts';

/** A row that places people in a way its sender may not have meant, and the row it does not go together with. */
interface HouseholdRemark {
  readonly kind: 'two-heads' | 'two-households';
  readonly first: number;
}

/**
 * Looks for households with two heads and people in two households among the accepted rows of one file. Both kinds of rows are
 * taken as they are, by the rule of memberships; only rows that hold at the end of the period are compared, for heads change and
 * people move. Keeps 32 bytes a row.
 */
export class HouseholdRemarks {
  readonly #household: HouseholdDeclaration;
  readonly #headField: string | undefined;
  readonly #keyOf: (text: string) => string;
  readonly #end: PlainDate;
  readonly #heads = new KeySet();
  readonly #homes = new KeySet();

  constructor(feed: FeedSpec, household: HouseholdDeclaration, { period, keyOf }: Pick<RowContext, 'period' | 'keyOf'>) {
    this.#household = household;
    this.#headField = headFieldOf(feed)?.name;
    this.#keyOf = keyOf;
    this.#end = periodEnd(period);
  }

  /** What is odd about an accepted row beside those before it. */
  see({ person, fact }: PersonRow): readonly HouseholdRemark[] {
    const { number, relation, headRelation } = this.#household;
    const stated = fact.fields[number];
    if (stated === undefined || (fact.to !== undefined && fact.to < this.#end)) return [];
    // A number is only unique within the county that gave it.
    const county = fact.areaAssumed ? '' : (fact.area ?? '').slice(0, 6);
    const home = this.#keyOf(`household ${county} ${String(stated)}`);
    const head = fact.fields[relation] === headRelation ? person : this.#headField && fact.fields[this.#headField];
    const heads = typeof head === 'string' ? this.#heads.add(home, ONLY, false, head, fact.row) : undefined;
    const homes = this.#homes.add(person, ONLY, false, home, fact.row);
    return [
      ...(heads?.kind === 'different' ? [{ kind: 'two-heads' as const, first: heads.row }] : []),
      ...(homes.kind === 'different' ? [{ kind: 'two-households' as const, first: homes.row }] : []),
    ];
  }
}

/** Households and people are told apart by themselves alone. */
const ONLY = '00000000';

/** A remark in words; `first` is where the other row stands. */
export function remarkInWords(kind: HouseholdRemark['kind'], first: { readonly row: number; readonly sheet?: string }): Fault {
  const zh = `${first.sheet === undefined ? '' : `工作表“${first.sheet}”`}第${first.row}行`;
  const en = `row ${first.row}${first.sheet === undefined ? '' : ` of sheet "${first.sheet}"`}`;
  return kind === 'two-heads'
    ? new Fault(
        'TWO_HEADS',
        `本户在${zh}已有另一位户主，两行均已接收；请核对户编号和与户主关系，有误的更正后重新报送`,
        `${en} names another head of this household, and both rows were taken; check household number and relation to the head, and send a correction where one is wrong`,
      )
    : new Fault(
        'TWO_HOUSEHOLDS',
        `此人在${zh}属于另一户，两行均已接收，归户以起始日期较晚的一行为准，日期相同的以后一行为准；请核对，有误的更正后重新报送`,
        `${en} places this person in another household, and both rows were taken: the one that began later counts, of two that began together the later row; check them, and send a correction where one is wrong`,
      );
}
