import type { Platform } from './platform.ts';
import { tell } from './print.ts';

/** Puts aside what the archive holds beyond what the database knows, and says so: the database is older than the archive. */
export async function tellOfArchiveBeyond({ stores }: Platform): Promise<void> {
  const aside = await stores.archive.putAsideBeyond();
  if (aside === undefined) return;
  const { events, folder } = aside;
  tell(
    `注意：数据库比事件档案旧（从旧备份恢复、缺少 -wal 文件或断电）。档案多出的 ${events} 个事件已移至 ${folder}，未删除；如有更新的数据库，请停止后恢复整个数据目录，见 docs/runbook.md#backing-up-and-restoring-one-machine / note: the database is older than the archive of events (restored from an older backup, parted from its -wal file, or a power cut). The ${events} events it does not know were moved to ${folder}, none deleted; if there is a newer database, stop and restore the whole data directory, see docs/runbook.md`,
  );
}
