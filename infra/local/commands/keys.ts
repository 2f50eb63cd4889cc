import { join } from 'node:path';
import { dataKeysIn } from '../../../shared/adapters/embedded/key-file.ts';
import { countByKey } from '../../../shared/registry/reseal.ts';
import type { Command } from '../command.ts';
import { KEY_FILE } from '../data-directory.ts';
import { type CommonOptions, UsageError } from '../options.ts';
import type { Platform } from '../platform.ts';
import { print, tell } from '../print.ts';
import { operatorName } from '../reading.ts';
import { rotateDataKey } from '../rotate-keys.ts';

/** The command `keys`. */
export const KEYS: Command = {
  usage: 'keys [status|rotate]',
  purpose: '数据密钥：现状、更换 / data keys: how they stand, changing them',
  options: {},
  words: 1,
  run: keys,
};

/**
 * `keys status`: which data keys are held and how much is sealed with each. `keys rotate`: a new data key, everything sealed
 * anew beside all other work, the old key taken away at the end; run it again where it was broken off or had to wait.
 */
async function keys(platform: Platform, options: CommonOptions): Promise<boolean> {
  const [verb = 'status'] = options.args;
  const keyFile = join(platform.dataDir, KEY_FILE);
  if (verb === 'status') return status(platform, options, keyFile);
  if (verb !== 'rotate') throw new UsageError(`keys ${verb}：应为 status 或 rotate / expected status or rotate`);
  tell('正在更换数据密钥，期间照常使用 / changing the data key; work goes on meanwhile');
  const rotation = await rotateDataKey(platform, keyFile, operatorName());
  const { state, current, retired, resealed, waiting } = rotation;
  if (options.json) print(JSON.stringify(rotation));
  else if (state === 'done') {
    print(`完成：现用密钥 ${current}，已停用 ${retired.join('、')}，重新加密 ${resealed} 项；请重新备份 ${KEY_FILE}`);
    print(
      `done: data key ${current} is in use, ${retired.join(', ')} retired, ${resealed} records sealed anew; back ${KEY_FILE} up again`,
    );
  } else {
    print(`新密钥 ${current} 已启用；尚有 ${waiting} 份文件或消息在途（含死信），旧密钥暂留，处理完后请再运行一次`);
    print(
      `data key ${current} is in use; ${waiting} files or messages (dead letters too) are on their way: run this again afterwards`,
    );
  }
  return true;
}

async function status(platform: Platform, options: CommonOptions, keyFile: string): Promise<boolean> {
  const { held, current } = dataKeysIn(keyFile);
  const counts = await countByKey(platform.stores.sealed);
  const found = [...new Set([...held, ...counts.keys()])].sort((a, b) => a - b);
  const lines = found.map((id) => ({ key: id, held: held.includes(id), current: id === current, sealed: counts.get(id) ?? 0 }));
  for (const line of lines) {
    const word = line.current ? '现用 / in use' : line.held ? '待停用 / being retired' : '缺失 / missing';
    print(options.json ? JSON.stringify(line) : `${line.key}  ${word}  ${line.sealed}`);
  }
  return lines.every((line) => line.held || line.sealed === 0);
}
