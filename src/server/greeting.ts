// What a person reads after `npm start`: where to look, and how to scan the first code.

/**
 * @param url where the public port listens
 * @param demoKeyPath file of the demo's API key; null without the demo
 */
export function greeting(url: string, adminUrl: string, demoKeyPath: string | null): string {
  const lines = [
    `Yima serves on ${url}/`,
    `Health and metrics: ${adminUrl}/health/ready, ${adminUrl}/metrics`,
  ];
  if (demoKeyPath !== null) {
    lines.push(
      '',
      `Open ${url}/ to see a health code, scan it, turn it red and revoke it.`,
      `API: ${url}/docs   Key for curl: $(cat ${demoKeyPath})`,
      'Issue and judge a first code here:',
      '  npx yima issue health-code --region 330102 --claim holderName=张小明 --claim holderIdType=111 \\',
      '    --claim holderId=330102190001010011 --operator me --evidence first-try --qr',
      '  npx yima verify CODE',
    );
  }
  return lines.join('\n');
}
