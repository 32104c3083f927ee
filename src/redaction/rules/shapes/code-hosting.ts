import { ALNUM, BASE64URL, LOWER_HEX, WORD } from './alphabets.ts';
import { hasRandomPart, isMixed, token } from './token.ts';

/** Where code and packages are kept, built and run. */
export const CODE_HOSTING = [
  token({
    id: 'github-token',
    title: 'GitHub tokens',
    explanation: 'Looks for access tokens of GitHub (ghp_, gho_, ghu_, ghs_, ghr_) in every text.',
    prefixes: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    characters: ALNUM,
    min: 36,
    max: 255,
    check: isMixed,
  }),
  token({
    id: 'github-fine-grained-token',
    title: 'GitHub fine-grained tokens',
    explanation: 'Looks for fine-grained access tokens of GitHub (github_pat_) in every text.',
    prefixes: ['github_pat_'],
    characters: WORD,
    min: 30,
    max: 255,
    check: isMixed,
  }),
  token({
    id: 'gitlab-token',
    title: 'GitLab tokens',
    explanation: 'Looks for tokens of GitLab for people, pipelines, deployments and runners (glpat- and its like).',
    prefixes: 'glpat- glptt- gldt- glrt- glcbt- gloas- glsoat- glft- glimt- glagent- glrtr-'.split(' '),
    characters: BASE64URL,
    min: 20,
    max: 300,
    check: hasRandomPart(8),
  }),
  token({
    id: 'npm-token',
    title: 'npm tokens',
    explanation: 'Looks for access tokens of the npm registry (npm_).',
    prefixes: ['npm_'],
    characters: ALNUM,
    min: 36,
    max: 64,
    check: isMixed,
  }),
  token({
    id: 'pypi-token',
    title: 'PyPI tokens',
    explanation: 'Looks for upload tokens of the Python package index (pypi-).',
    prefixes: ['pypi-'],
    characters: BASE64URL,
    min: 50,
    max: 1_000,
    check: hasRandomPart(16),
  }),
  token({
    id: 'package-registry-token',
    title: 'Tokens of package registries',
    explanation: 'Looks for tokens of Docker Hub, RubyGems and NuGet by their beginnings.',
    prefixes: ['dckr_pat_', 'dckr_oat_', 'rubygems_', 'oy2'],
    characters: BASE64URL,
    min: 27,
    max: 100,
    check: (text, prefix) =>
      prefix === 'oy2' ? /^[a-z0-9]{46}$/.test(text) && isMixed(text.slice(3)) : hasRandomPart(12)(text, prefix),
  }),
  token({
    id: 'digitalocean-token',
    title: 'DigitalOcean tokens',
    explanation: 'Looks for access tokens of DigitalOcean (dop_v1_, doo_v1_, dor_v1_).',
    prefixes: ['dop_v1_', 'doo_v1_', 'dor_v1_'],
    characters: LOWER_HEX,
    min: 64,
    max: 64,
  }),
  token({
    id: 'hosting-token',
    title: 'Tokens of hosting services',
    explanation:
      'Looks for tokens of Netlify, Render, Supabase, PlanetScale, Heroku, Fly, Databricks and Pulumi by their beginnings.',
    prefixes: 'nfp_ rnd_ sbp_ sb_secret_ pscale_tkn_ pscale_pw_ pscale_oauth_ HRKU- fo1_ fm2_ dapi pul-'.split(' '),
    characters: BASE64URL,
    min: 24,
    max: 400,
    check: (text, prefix) =>
      prefix === 'dapi' || prefix === 'pul-'
        ? /^(?:dapi|pul-)[0-9a-f]{32,40}(?:-\d)?$/.test(text)
        : hasRandomPart(12)(text, prefix),
  }),
];
