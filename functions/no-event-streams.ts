/**
 * Stands in the bundles for what the SDK reads and writes streams of events with. Of the operations of S3 only `SelectObjectContent`
 * does, which we never ask for: it was 15 kB of every bundle. Where one would be needed the SDK finds no marshaller and says so.
 */
export function resolveEventStreamSerdeConfig<Config>(config: Config): Config {
  return config;
}

export function eventStreamSerdeProvider(): undefined {
  return undefined;
}

export class EventStreamSerde {
  constructor() {
    throw new Error('streams of events are not part of this bundle: see functions/no-event-streams.ts');
  }
}
