import type { PageTexts } from './en.ts';

/** Every text of the softphone's own pages, in Chinese. */
export const zh: PageTexts = {
  tagline: '用自己的服务器，与人通话。',
  title: '登录',
  user: '用户 ID',
  userHint: '服务器处于开发模式，填写任意名称即可。',
  name: '显示给他人的名称（可选）',
  token: '令牌',
  tokenHint: '由使用本服务器的应用提供。',
  submit: '登录',
  useToken: '使用令牌登录',
  useName: '使用名称登录',
  working: '正在登录…',
  noDevTokens: '本服务器不发放令牌，请粘贴应用签发的令牌。',
  signOut: '退出登录',
};
