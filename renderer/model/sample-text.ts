/** Shows what the rules do without anybody's secret: all of it is made up. */
export const SAMPLE_TEXT = JSON.stringify(
  {
    user: 'ada',
    password: 'correct horse battery staple',
    max_tokens: 4096,
    callback: 'https://ada:hunter2@shop.example/done?order=17&token=9c1f7a33e0b2',
    headers: [['Authorization', 'Bearer made-up-7f3c9a1e5b']],
    note: 'Mail ada@shop.example, the build is 4f1c9e7 and the password policy is on page 3.',
    legacy: '{"api_key": "made-up-key-5512"}',
    ticket: 'k7Qm2ZxV9tLp4RwY8sBn3JdH',
  },
  null,
  2,
);
