// What the page about this node's own TLS authority says, in both languages, one beside the other: a phone comes here before it has chosen one.

import type { Text } from '../../core/errors/reasons.js';

export const WORDS = {
  title: { 'zh-CN': '让手机信任这台服务器', en: 'Let this phone trust this server' },
  meaning: {
    'zh-CN':
      '安装并信任后，手机不再对这台服务器发出警告，相机和密钥也能使用。这个证书机构只能为内网地址、localhost 和 .local 名称签发证书，不能冒充别的网站。只在您认得这台服务器、并且指纹核对一致时安装。',
    en: 'Once it is installed and trusted, the phone warns no more about this server, and camera and keys work. This authority can sign for private addresses, localhost and .local names only; it cannot pass for other websites. Install it only if you know this server and the fingerprint matches.',
  },
  compare: {
    'zh-CN': '先核对指纹（SHA-256）：要与服务器启动时显示的完全一致。不一致就不要安装，请告诉管理员。',
    en: 'Compare the fingerprint (SHA-256) first: it has to be exactly what the server shows when it starts. If it differs, do not install it, and tell the operator.',
  },
  download: { 'zh-CN': '下载证书', en: 'Download the certificate' },
  only: {
    'zh-CN': '文件里只有公开的证书，没有私钥。',
    en: 'The file holds the public certificate alone, no private key.',
  },
  removal: {
    'zh-CN': '不再使用时，请在同一处删除它。',
    en: 'When you no longer use it, remove it in the same place.',
  },
} as const satisfies Record<string, Text>;

/** How it is installed, by the system of the phone. */
export const STEPS: readonly { readonly system: Text; readonly steps: readonly Text[] }[] = [
  {
    system: { 'zh-CN': 'iPhone、iPad', en: 'iPhone, iPad' },
    steps: [
      {
        'zh-CN': '用 Safari 点“下载证书”，选“允许”。',
        en: 'In Safari tap “Download the certificate”, then “Allow”.',
      },
      {
        'zh-CN': '打开“设置”，点“已下载描述文件”，再点“安装”。',
        en: 'Open Settings, tap “Profile Downloaded”, then “Install”.',
      },
      {
        'zh-CN': '到“设置 › 通用 › 关于本机 › 证书信任设置”，打开 Yima 的开关。',
        en: 'In Settings › General › About › Certificate Trust Settings switch Yima on.',
      },
    ],
  },
  {
    system: { 'zh-CN': '安卓', en: 'Android' },
    steps: [
      { 'zh-CN': '点“下载证书”。', en: 'Tap “Download the certificate”.' },
      {
        'zh-CN': '打开“设置”，搜索“CA 证书”，点“安装”并选刚下载的文件。',
        en: 'Open Settings, search for “CA certificate”, install it and choose the file you downloaded.',
      },
    ],
  },
  {
    system: { 'zh-CN': '鸿蒙', en: 'HarmonyOS' },
    steps: [
      { 'zh-CN': '点“下载证书”。', en: 'Tap “Download the certificate”.' },
      {
        'zh-CN': '打开“设置”，搜索“证书”，从存储设备安装刚下载的文件。',
        en: 'Open Settings, search for “certificate” and install the file from storage.',
      },
    ],
  },
];
