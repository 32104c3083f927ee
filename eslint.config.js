import { defineConfig, globalIgnores } from 'eslint/config';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const MAX_FILE_LINES = 400;
const MAX_FUNCTION_LINES = 80;
const MAX_COMPONENT_LINES = 200;

const bannedEverywhere = [
  { selector: 'ExportAllDeclaration', message: 'List the exports one by one: each is a promise.' },
  {
    selector:
      'JSXAttribute[name.name="dangerouslySetInnerHTML"], Property[key.name="dangerouslySetInnerHTML"], Property[key.value="dangerouslySetInnerHTML"]',
    message: 'What a server sends is shown as text, never as HTML (S7).',
  },
  {
    selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]',
    message: 'What a server sends is shown as text, never as HTML (S7).',
  },
  {
    selector: 'TSAsExpression[expression.type="TSAsExpression"][expression.typeAnnotation.type="TSUnknownKeyword"]',
    message: 'A double cast switches the type checker off: parse the value, or narrow it.',
  },
  {
    selector:
      'Property[key.name="shell"][shorthand=false][value.type=/^(Literal|Identifier|UnaryExpression|LogicalExpression|BinaryExpression|ConditionalExpression)$/]:not([value.value=false])',
    message: 'No command goes through a shell (S18).',
  },
];

const defaultExport = {
  selector: 'ExportDefaultDeclaration, ExportSpecifier[exported.name="default"]',
  message: 'Export by name: a name that is searched for is found.',
};

const evaluators = [
  { name: 'node:vm', message: 'node:vm is no sandbox (S12).' },
  { name: 'vm', message: 'node:vm is no sandbox (S12).' },
];

const processStarters = ['node:child_process', 'child_process'].map((name) => ({
  name,
  message:
    'Processes are started by src/gateway/upstream, src/cli, src/desktop and src/runtime/login-path.ts only (S5, S18).',
}));

/** Left to the compiler where there is one; plain JavaScript has only these. */
const plainRules = {
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-console': 'error',
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-new-func': 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  'no-constant-binary-expression': 'error',
  'no-unreachable': 'error',
  'no-unsafe-finally': 'error',
  'no-empty': 'error',
  'no-useless-escape': 'error',
  'max-lines': ['error', MAX_FILE_LINES],
  'max-lines-per-function': ['error', { max: MAX_FUNCTION_LINES, IIFEs: true }],
  'no-restricted-syntax': ['error', ...bannedEverywhere, defaultExport],
  'no-restricted-imports': ['error', { paths: [...evaluators, ...processStarters] }],
};

const typedRules = {
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
  '@typescript-eslint/no-import-type-side-effects': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
  ],
  '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, destructuredArrayIgnorePattern: '^_' }],
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/prefer-promise-reject-errors': 'error',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  // There are no enums (erasableSyntaxOnly), and a double of somebody's class is no instance of it: not worth their time.
  '@typescript-eslint/no-unsafe-enum-assignment': 'off',
  '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
  // `interface Options` in one place and `type Row = {...}` in another both read well.
  '@typescript-eslint/consistent-type-definitions': 'off',
  // The generic is how an operation's answer is typed at its call site.
  '@typescript-eslint/no-unnecessary-type-parameters': 'off',
  // Ports are objects of closures: their methods are written as methods and read no `this`.
  '@typescript-eslint/unbound-method': 'off',
  // A port's method may be async because another implementation of it waits.
  '@typescript-eslint/require-await': 'off',
};

/** A test reads what came back from the wire: `any` from JSON is read there, never declared. */
const testRules = {
  '@typescript-eslint/no-unsafe-assignment': 'off',
  '@typescript-eslint/no-unsafe-member-access': 'off',
  '@typescript-eslint/no-unsafe-argument': 'off',
  '@typescript-eslint/no-unsafe-call': 'off',
  '@typescript-eslint/no-unsafe-return': 'off',
  '@typescript-eslint/no-non-null-assertion': 'off',
  // The fixture servers speak the protocol by hand, which the SDK's older class is for.
  '@typescript-eslint/no-deprecated': 'off',
  // A describe block is as long as what it describes; test/architecture/budget.test.ts measures the functions in it.
  'max-lines-per-function': 'off',
  'no-restricted-imports': ['error', { paths: evaluators }],
};

export default defineConfig(
  globalIgnores(['node_modules/', 'dist/', '.cache/', 'test-results/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['{src,renderer,test}/**/*.{ts,tsx}'],
    ignores: ['**/*.config.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['src/tsconfig.json', 'renderer/tsconfig.json', 'test/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: { ...plainRules, ...typedRules },
  },
  {
    files: ['renderer/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended],
    rules: {
      'react-hooks/exhaustive-deps': 'error',
      // Speaks about the React compiler, which is not used here.
      'react-hooks/incompatible-library': 'off',
    },
  },
  {
    files: ['renderer/**/*.tsx'],
    rules: { 'max-lines-per-function': ['error', { max: MAX_COMPONENT_LINES, IIFEs: true }] },
  },
  {
    files: ['src/cli/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['src/gateway/upstream/**/*.ts', 'src/cli/**/*.ts', 'src/desktop/**/*.ts', 'src/runtime/login-path.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: evaluators }] },
  },
  { files: ['test/**/*.{ts,tsx}'], rules: testRules },
  {
    files: ['scripts/**/*.{js,mjs}', 'bin/**/*.{js,mjs}', 'test/**/*.{js,mjs,cjs}', '**/*.config.{js,ts,mjs}'],
    extends: [tseslint.configs.base],
    rules: { ...plainRules, 'no-console': 'off', 'no-restricted-imports': ['error', { paths: evaluators }] },
  },
  {
    files: ['**/*.config.{js,ts,mjs}'],
    rules: { 'no-restricted-syntax': ['error', ...bannedEverywhere] },
  },
);
