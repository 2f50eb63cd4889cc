import { henan } from './henan.ts';
import { hinggan } from './hinggan.ts';
import { huangshi } from './huangshi.ts';
import { jiangxi } from './jiangxi.ts';
import { shandong } from './shandong.ts';
import type { Story } from './story.ts';
import { yantai } from './yantai.ts';

/** The families in print, in the order the demo tells them. */
export const stories: readonly Story[] = [henan, shandong, yantai, hinggan, huangshi, jiangxi];
