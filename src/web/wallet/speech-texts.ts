// What each clip says. tools/speech.mjs makes the clips from here; words on the screen and words spoken must agree, which a test holds.

export const SPEECH_TEXTS = {
  'zh-CN': {
    green: '绿码，未见异常',
    yellow: '黄码，检查点会再问您',
    red: '红码，按规定暂不放行',
    pending: '审核中，正在审核',
    valid: '有效，证照有效',
    revoked: '已作废，此码不再有效',
    suspended: '已暂停，暂时不能使用',
    expired: '已过期，请联网刷新或重新领取',
    early: '未到有效期',
    stale: '待更新，请联网后再看',
  },
  en: {
    green: 'Green. Nothing found',
    yellow: 'Yellow. You will be asked',
    red: 'Red. Not admitted for now',
    pending: 'Under review. Being reviewed',
    valid: 'Valid. The licence is valid',
    revoked: 'Revoked. No longer valid',
    suspended: 'Suspended. Cannot be used now',
    expired: 'Expired. Go online to renew, or claim again',
    early: 'Not valid yet',
    stale: 'Not current. Go online to update',
  },
} as const;

export type ClipName = keyof (typeof SPEECH_TEXTS)['en'];
