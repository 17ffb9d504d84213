// `yima serve`: the node itself, until it is told to stop.

import { loadConfig } from '../../config.js';
import { command } from '../command.js';
import { EXIT } from '../exit-codes.js';

export const SERVE = command({
  name: 'serve',
  summary: { 'zh-CN': '启动节点，直到收到停止信号', en: 'Run the node until it is told to stop' },
  notes: {
    'zh-CN': '配置来自环境变量，见 README。SIGTERM 有序停止，SIGHUP 重新读取密钥、信任文件和规定。',
    en: 'Settings come from the environment, see README. SIGTERM stops it in good order, SIGHUP reads keys, trust files and policies again.',
  },
  args: [],
  options: {},
  examples: ['yima serve', 'PORT=8080 YIMA_DATA_DIR=/var/lib/yima yima serve'],
  run: async (_call, terminal) => {
    await terminal.serve(loadConfig(terminal.env));
    return EXIT.ok;
  },
});
