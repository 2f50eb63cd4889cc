import type { Fault } from './fault.ts';
import type { Header, HeaderFinder } from './header.ts';
import type { FileLayout, SourceEncoding, SourceRecord } from './source-record.ts';

/** A file opened far enough to know its header. */
interface OpenSource {
  readonly found: true;
  readonly header: Header;
  readonly finder: HeaderFinder;
  readonly layout: FileLayout;
  /** The rows below the header, once, in groups as they arrive. A group is good until the next one is asked for. */
  readonly records: () => AsyncIterable<readonly SourceRecord[]>;
}

/** A file opened, or why it cannot be. */
export type Source = OpenSource | { readonly found: false; readonly fault: Fault; readonly encoding: SourceEncoding | null };
