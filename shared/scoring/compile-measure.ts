import { ageOn, type PlainDate } from '../calendar/plain-date.ts';
import type { Catalog, FeedId, FeedSpec, FieldSpec } from '../catalog/feed.ts';
import type { PersonKey } from '../facts/fact.ts';
import { allOf, anyOf, compileFilter, notOf } from './compile-filter.ts';
import { type HouseholdTest, type Leaf, NO, type Node, type Run, type Truth, UNKNOWN, type Unit, YES } from './compiled.ts';
import type { Condition, ExistsMeasure, FeedPattern, FieldExpression, Filter, Measure, MemberCondition } from './pack.ts';
import type { PackErrorCode, PackProblem } from './pack-error.ts';
import { dateNumber, parseWindow, type Window } from './windows.ts';

/** Gathers leaves, feeds and windows of a pack, each once, and every fault met on the way. */
export class MeasureCompiler {
  readonly leaves: Leaf[] = [];
  readonly feeds: FeedSpec[];
  readonly windows: Window[] = [];
  readonly problems: { readonly code: PackErrorCode; readonly problem: PackProblem }[] = [];
  private readonly catalog: Catalog;
  private readonly amounts: string[] = [];
  private readonly filters: string[] = [];
  private readonly leafByQuestion = new Map<string, Leaf>();
  /** Leaves asked for what is not there: rows of theirs are evidence of nothing. */
  private readonly lacked = new Set<Leaf>();
  private readonly windowByText = new Map<string, number>();
  private readonly feedIndex: ReadonlyMap<FeedId, number>;

  constructor(catalog: Catalog) {
    this.catalog = catalog;
    this.feeds = [...catalog.values()];
    this.feedIndex = new Map(this.feeds.map((feed, i) => [feed.id, i]));
  }

  report(path: string, code: PackErrorCode, zh: string, en: string): void {
    this.problems.push({ code, problem: { path, message: { zh, en } } });
  }

  /** The measure as a tree with the unit of its value; an unusable part is reported and counts nothing. */
  measure(measure: Measure, path: string, nested: boolean): { node: Node; unit: Unit } {
    if (nested && 'per' in measure && measure.per !== undefined) {
      this.report(
        `${path}.per`,
        'pack-wrong-type',
        'per 只能写在最外层的 measure 上',
        'per belongs on the outermost measure only',
      );
    }
    if ('add' in measure) {
      const parts = measure.add.map((part, i) => this.measure(part, `${path}.add.${i}`, true));
      const unit = parts[0]?.unit ?? 'count';
      if (parts.some((part) => part.unit !== unit)) {
        this.report(`${path}.add`, 'pack-wrong-type', '相加的各项单位要相同', 'the parts of a sum must have the same unit');
      }
      return { node: { kind: 'add', parts: parts.map((part) => part.node) }, unit };
    }
    if ('ratio' in measure) {
      const of = this.measure(measure.ratio.of, `${path}.ratio.of`, true);
      const to = this.measure(measure.ratio.to, `${path}.ratio.to`, true);
      if (of.unit !== to.unit) {
        this.report(`${path}.ratio`, 'pack-wrong-type', '比值两项的单位要相同', 'both sides of a ratio must have the same unit');
      }
      return { node: { kind: 'ratio', of: of.node, to: to.node }, unit: 'ratio' };
    }
    if ('holds' in measure) {
      const leaves: Leaf[] = [];
      const test = this.condition(measure.holds, `${path}.holds`, leaves);
      const shown = leaves.filter((leaf) => !this.lacked.has(leaf));
      return { node: { kind: 'holds', test, leaves, shown }, unit: 'yes-no' };
    }
    if ('exists' in measure) return { node: { kind: 'leaf', leaf: this.existsLeaf(measure, path) }, unit: 'yes-no' };
    if ('count' in measure) {
      return { node: { kind: 'leaf', leaf: this.leaf('count', measure.count, undefined, measure, path).leaf }, unit: 'count' };
    }
    const kind = 'sum' in measure ? 'sum' : 'max' in measure ? 'max' : 'latest';
    const pattern = 'sum' in measure ? measure.sum : 'max' in measure ? measure.max : measure.latest;
    const { leaf, unit } = this.leaf(kind, pattern, measure.field, measure, path);
    return { node: { kind: 'leaf', leaf }, unit };
  }

  /** The condition as a test; the leaves it asks are added to `leaves`. */
  condition(condition: Condition, path: string, leaves: Leaf[]): HouseholdTest {
    if ('all' in condition) return allOf(condition.all.map((part, i) => this.condition(part, `${path}.all.${i}`, leaves)));
    if ('any' in condition) return anyOf(condition.any.map((part, i) => this.condition(part, `${path}.any.${i}`, leaves)));
    if ('not' in condition) return notOf(this.condition(condition.not, `${path}.not`, leaves));
    if ('category' in condition) {
      const categories = condition.category;
      return (run) => (categories.includes(run.category) ? YES : NO);
    }
    if ('attribute' in condition) return attributeTest(condition.attribute, condition.in);
    if ('member' in condition) return this.memberTest(condition.member, `${path}.member`, leaves);
    const leaf = this.existsLeaf(condition.has, `${path}.has`);
    leaves.push(leaf);
    return (run) => leafTruth(run, leaf);
  }

  private existsLeaf(measure: ExistsMeasure, path: string): Leaf {
    return this.leaf('exists', measure.exists, undefined, measure, path).leaf;
  }

  private memberTest(member: MemberCondition, path: string, leaves: Leaf[]): HouseholdTest {
    const leaf = member.has === undefined ? undefined : this.existsLeaf(member.has, `${path}.has`);
    if (leaf !== undefined) leaves.push(leaf);
    const absent = member.lacks === undefined ? undefined : this.existsLeaf(member.lacks, `${path}.lacks`);
    if (absent !== undefined) {
      leaves.push(absent);
      this.lacked.add(absent);
    }
    return (run) => {
      const asOf = run.frame?.asOf;
      let answer: Truth = NO;
      for (const it of run.members) {
        if (member.age !== undefined && asOf !== undefined) {
          const age = ageOn(it.birth, asOf);
          if (age < (member.age.gte ?? 0) || age > (member.age.lte ?? 200)) continue;
        }
        if (member.sex !== undefined && it.sex !== member.sex) continue;
        if (member.head !== undefined && it.membership.head !== member.head) continue;
        let truth: Truth = YES;
        if (member.relation !== undefined && !member.relation.includes(it.membership.relation)) {
          if (it.membership.relation !== 'unknown') continue;
          truth = UNKNOWN;
        }
        if (leaf !== undefined) {
          const has = hasRowOf(leaf, it.person) ? YES : leafSilence(run, leaf);
          if (has === NO) continue;
          if (has === UNKNOWN) truth = UNKNOWN;
        }
        if (absent !== undefined) {
          if (hasRowOf(absent, it.person)) continue;
          if (leafSilence(run, absent) === UNKNOWN || listedBefore(run, absent, it.birth)) truth = UNKNOWN;
        }
        if (truth === YES) return YES;
        answer = UNKNOWN;
      }
      return answer;
    };
  }

  private leaf(
    kind: Leaf['kind'],
    pattern: FeedPattern,
    field: FieldExpression | undefined,
    scope: { readonly where?: Filter; readonly window: string },
    path: string,
  ): { leaf: Leaf; unit: Unit } {
    const plus = field === undefined ? [] : typeof field === 'string' ? [field] : [...field.plus];
    const minus = field === undefined || typeof field === 'string' ? [] : [...(field.minus ?? [])];
    const feeds = this.expand(pattern, [...plus, ...minus], `${path}.${kind}`);
    const unit = this.unit(feeds, [...plus, ...minus], `${path}.field`);
    const feedIds = feeds.map((feed) => feed.id);
    const question = JSON.stringify([kind, feedIds, plus, minus, scope.where ?? null, scope.window]);
    const existing = this.leafByQuestion.get(question);
    if (existing !== undefined) return { leaf: existing, unit };

    const fieldsNamed = (name: string): FieldSpec[] => feeds.flatMap((feed) => feed.fields.filter((spec) => spec.name === name));
    const filter =
      scope.where === undefined
        ? undefined
        : compileFilter(scope.where, `${path}.where`, fieldsNamed, (at, code, zh, en) => this.report(at, code, zh, en));
    const leaf: Leaf = {
      index: this.leaves.length,
      kind,
      feeds: feeds.map((feed) => this.feedIndex.get(feed.id) ?? 0),
      window: this.window(scope.window),
      current: scope.window === 'current',
      filter,
      // A field may mean something else in another feed, so the feeds are part of what is asked.
      filterId: filter === undefined ? 0 : placeOf(this.filters, JSON.stringify([feedIds, scope.where])),
      amount:
        field === undefined ? undefined : { plus, minus, only: plus.length === 1 && minus.length === 0 ? plus[0] : undefined },
      amountId: field === undefined ? 0 : placeOf(this.amounts, JSON.stringify([plus, minus])),
      tally: {
        touched: false,
        low: 0,
        count: 0,
        rows: [],
        best: undefined,
        uncertain: false,
      },
    };
    this.leaves.push(leaf);
    this.leafByQuestion.set(question, leaf);
    return { leaf, unit };
  }

  private window(text: string): number {
    const known = this.windowByText.get(text);
    if (known !== undefined) return known;
    this.windows.push(parseWindow(text) ?? { kind: 'current' });
    this.windowByText.set(text, this.windows.length - 1);
    return this.windows.length - 1;
  }

  /** The feeds of a pattern. A feed named in full must have every field; `department/*` takes those that do. */
  private expand(pattern: FeedPattern, fields: readonly string[], path: string): FeedSpec[] {
    const has = (feed: FeedSpec): boolean => fields.every((name) => feed.fields.some((spec) => spec.name === name));
    const found = new Set<FeedSpec>();
    for (const text of typeof pattern === 'string' ? [pattern] : pattern) {
      if (text.endsWith('/*')) {
        const department = this.feeds.filter((feed) => feed.id.startsWith(text.slice(0, -1)));
        const matching = department.filter(has);
        for (const feed of matching) found.add(feed);
        if (department.length === 0) {
          this.report(
            path,
            'pack-unknown-feed',
            `没有部门 ${text.slice(0, -2)} 的数据`,
            `no feed of department ${text.slice(0, -2)}`,
          );
        } else if (matching.length === 0) {
          this.report(
            path,
            'pack-unknown-field',
            `${text} 都没有字段 ${fields.join('、')}`,
            `no feed of ${text} has ${fields.join(', ')}`,
          );
        }
        continue;
      }
      const feed = this.catalog.get(text as FeedId);
      if (feed === undefined) {
        this.report(path, 'pack-unknown-feed', `没有数据类别 ${text}`, `there is no feed ${text}`);
      } else if (!has(feed)) {
        this.report(
          path,
          'pack-unknown-field',
          `${text} 没有字段 ${fields.join('、')}`,
          `${text} has no field ${fields.join(', ')}`,
        );
      } else found.add(feed);
    }
    return [...found];
  }

  private unit(feeds: readonly FeedSpec[], fields: readonly string[], path: string): Unit {
    const kinds = new Set<string>();
    for (const feed of feeds) {
      for (const spec of feed.fields) {
        if (!fields.includes(spec.name)) continue;
        kinds.add(spec.sensitive === true ? 'sensitive' : spec.type.kind);
      }
    }
    if (fields.length === 0 || kinds.size === 0) return 'count';
    if (kinds.size === 1 && kinds.has('money')) return 'fen';
    if (kinds.size === 1 && kinds.has('integer')) return 'count';
    this.report(path, 'pack-wrong-type', '应为金额或整数字段，且单位相同', 'expected money or integer fields of the same unit');
    return 'count';
  }
}

/** The place of a text in a list, from 1; it is added when new. */
function placeOf(texts: string[], text: string): number {
  const known = texts.indexOf(text);
  return known < 0 ? texts.push(text) : known + 1;
}

function attributeTest(name: string, values: readonly (string | number | boolean)[]): HouseholdTest {
  return (run) => {
    let answer: Truth = UNKNOWN;
    for (const member of run.members) {
      const value = member.membership.attributes[name];
      if (value === undefined) continue;
      if (values.includes(value)) return YES;
      answer = NO;
    }
    return answer;
  };
}

function hasRowOf(leaf: Leaf, person: PersonKey): boolean {
  const { count, rows } = leaf.tally;
  for (let i = 0; i < count; i++) if (rows[i]?.fact.person === person) return true;
  return false;
}

/** The latest list of a feed asked is of a time before the day, so it cannot name who came after it. */
function listedBefore({ frame }: Run, leaf: Leaf, day: PlainDate): boolean {
  const listed = frame?.leaves[leaf.index]?.listedUpTo;
  return leaf.current && listed !== undefined && listed < dateNumber(day);
}

/** What it means that no row was found: "no" only when every feed asked is known and no row was left open. */
function leafSilence(run: Run, leaf: Leaf): Truth {
  if (leaf.tally.uncertain) return UNKNOWN;
  return run.frame?.leaves[leaf.index]?.open === false ? NO : UNKNOWN;
}

function leafTruth(run: Run, leaf: Leaf): Truth {
  return leaf.tally.count > 0 ? YES : leafSilence(run, leaf);
}
