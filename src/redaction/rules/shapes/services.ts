import { ALNUM, BASE64, BASE64URL, DOTTED, LOWER_HEX } from './alphabets.ts';
import { hasRandomPart, isMixed, token } from './token.ts';

/** Language models. */
const MODELS = [
  token({
    id: 'anthropic-key',
    title: 'Anthropic keys',
    explanation: 'Looks for keys of Anthropic (sk-ant-) in every text.',
    kind: 'api-key',
    prefixes: ['sk-ant-'],
    characters: BASE64URL,
    min: 20,
    max: 300,
    check: hasRandomPart(8),
  }),
  token({
    id: 'openai-key',
    title: 'OpenAI keys',
    explanation: 'Looks for keys of OpenAI and of the many services that copy their form (sk-, sk-proj-, sk-or-).',
    kind: 'api-key',
    prefixes: ['sk-'],
    characters: BASE64URL,
    min: 20,
    max: 300,
    check: (text, prefix) => !text.startsWith('sk-ant-') && hasRandomPart(16)(text, prefix),
  }),
  token({
    id: 'hugging-face-token',
    title: 'Hugging Face tokens',
    explanation: 'Looks for tokens of Hugging Face (hf_, api_org_).',
    prefixes: ['hf_', 'api_org_'],
    characters: ALNUM,
    min: 30,
    max: 64,
    check: (text) => /[a-z]/.test(text.slice(3)) && /[A-Z]/.test(text),
  }),
  token({
    id: 'model-service-key',
    title: 'Keys of model and search services',
    explanation:
      'Looks for keys of Groq, xAI, Perplexity, Replicate, Tavily, LangSmith, Fireworks and NVIDIA by their beginnings.',
    kind: 'api-key',
    prefixes: 'gsk_ xai- pplx- r8_ tvly- lsv2_pt_ lsv2_sk_ fw_ nvapi-'.split(' '),
    characters: BASE64URL,
    min: 24,
    max: 200,
    check: hasRandomPart(16),
  }),
];

/** Money and mail. */
const BUSINESS = [
  token({
    id: 'stripe-key',
    title: 'Stripe keys',
    explanation: 'Looks for secret and restricted keys of Stripe (sk_live_, sk_test_, rk_live_, rk_test_).',
    kind: 'api-key',
    prefixes: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'sk_prod_', 'rk_prod_'],
    characters: ALNUM,
    min: 16,
    max: 255,
    check: isMixed,
  }),
  token({
    id: 'webhook-secret',
    title: 'Webhook signing secrets',
    explanation: 'Looks for the secrets with which Stripe and others sign webhooks (whsec_).',
    kind: 'secret',
    prefixes: ['whsec_'],
    characters: BASE64,
    min: 24,
    max: 100,
    check: isMixed,
  }),
  token({
    id: 'commerce-token',
    title: 'Shop and payment tokens',
    explanation: 'Looks for tokens of Shopify, Square and Braintree by their beginnings.',
    prefixes: ['shpat_', 'shpca_', 'shppa_', 'shpss_', 'sq0atp-', 'sq0csp-', 'access_token$production$'],
    characters: BASE64URL,
    min: 22,
    max: 100,
    check: isMixed,
  }),
  token({
    id: 'sendgrid-key',
    title: 'SendGrid keys',
    explanation: 'Looks for keys of SendGrid (SG. and two parts).',
    kind: 'api-key',
    prefixes: ['SG.'],
    characters: DOTTED,
    min: 40,
    max: 100,
    check: (text) => /^SG\.[\w-]{16,32}\.[\w-]{16,64}\.?$/.test(text),
  }),
  token({
    id: 'twilio-key',
    title: 'Twilio keys',
    explanation: 'Looks for API keys of Twilio (SK and 32 hexadecimal digits).',
    kind: 'api-key',
    prefixes: Array.from('0123456789abcdef', (digit) => `SK${digit}`),
    characters: LOWER_HEX,
    min: 31,
    max: 31,
  }),
  token({
    id: 'mail-service-key',
    title: 'Keys of mail services',
    explanation: 'Looks for keys of Mailgun (key-), Brevo (xkeysib-) and Resend (re_).',
    kind: 'api-key',
    prefixes: ['key-', 'xkeysib-', 're_'],
    characters: BASE64URL,
    min: 28,
    max: 100,
    check: (text, prefix) => (prefix === 'key-' ? /^key-[0-9a-f]{32}$/.test(text) : hasRandomPart(16)(text, prefix)),
  }),
];

/** What teams work with. */
const TEAM = [
  token({
    id: 'workspace-token',
    title: 'Tokens of work tools',
    explanation: 'Looks for tokens of Linear, Notion, Figma, Atlassian, Postman and Doppler by their beginnings.',
    prefixes: 'lin_api_ lin_oauth_ ntn_ figd_ figo_ ATATT3 ATCTT3 ATBB PMAK- dp.pt. dp.st.'.split(' '),
    characters: DOTTED,
    min: 24,
    max: 400,
    check: hasRandomPart(16),
  }),
  token({
    id: 'operations-token',
    title: 'Tokens of operations tools',
    explanation: 'Looks for tokens of HashiCorp Vault, Grafana, Sentry, New Relic and Dynatrace by their beginnings.',
    prefixes: 'hvs. hvb. hvr. glsa_ glc_ sntrys_ sntryu_ NRAK- dt0c01.'.split(' '),
    characters: DOTTED,
    min: 24,
    max: 600,
    check: hasRandomPart(16),
  }),
];

export const SERVICES = [...MODELS, ...BUSINESS, ...TEAM];
