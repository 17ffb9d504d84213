import fc from 'fast-check';
import t from 'tap';
import {
  citizenCheckCharacter,
  isMaskedCitizenNumber,
  parseCitizenNumber,
} from '../../../src/core/credential/citizen-number.js';
import { creditCheckCharacter, parseCreditCode } from '../../../src/core/credential/credit-code.js';
import { licenceCheckCharacter, parseLicenceId } from '../../../src/core/credential/licence-id.js';

const DIGITS = '0123456789';
const CREDIT = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

const MINISTRY_SAMPLE = '1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F';
const SYNTHETIC = '1.2.156.3005.2.11330102XXXX00027R001.11330102XXXX00027R.20260001.001.Y';

/** Every text that differs from `text` in one character of the alphabet (dots stay). */
function* singleChanges(text: string, alphabet: string): Generator<string> {
  for (const [at, old] of [...text].entries()) {
    if (old === '.') continue;
    for (const other of alphabet) if (other !== old) yield text.slice(0, at) + other + text.slice(at + 1);
  }
}

const textOf = (alphabet: string, length: number) =>
  fc.array(fc.constantFrom(...alphabet), { minLength: length, maxLength: length }).map((all) => all.join(''));

t.test('citizen numbers of GB 11643 give region, birth and sex', async (t) => {
  t.same(parseCitizenNumber('330102190001010011'), { region: '330102', birth: '1900-01-01', sex: 'male' });
  t.same(parseCitizenNumber('33010219000101002X'), { region: '330102', birth: '1900-01-01', sex: 'female' });
  t.same(parseCitizenNumber('810000190001010018'), { region: '810000', birth: '1900-01-01', sex: 'male' });
});

t.test(
  'citizen numbers with a wrong province, date, letter or shape are refused, even with the right check',
  async (t) => {
    const withCheck = (digits: string) => digits + citizenCheckCharacter(digits);
    t.not(parseCitizenNumber(withCheck('33010220000229002')), null, '29 February of a leap year');
    t.not(parseCitizenNumber(withCheck('83000019900101001')), null, 'a resident from Taiwan');
    for (const digits of [
      '33010219000229001', // 1900 was no leap year
      '33010219001301001',
      '33010219000100001',
      '33010200000101001',
      '99010219900101001', // no province
      '66010219900101001', // a platform's convention
      '93315619900101001', // a foreigner's
    ]) {
      t.equal(parseCitizenNumber(withCheck(digits)), null, digits);
    }
    for (const text of [
      '',
      '33010219000101002x',
      ' 33010219000101002X',
      '33010219000101002X\n',
      '３３0102190001010011',
    ]) {
      t.equal(parseCitizenNumber(text), null);
    }
  },
);

t.test('any single changed character of a citizen number is caught', async (t) => {
  const sample = fc.tuple(
    fc.constantFrom('11', '33', '65', '82'),
    textOf(DIGITS, 4),
    fc.integer({ min: 100, max: 999 }),
  );
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(sample, ([province, county, sequence]) => {
        const digits = `${province}${county}19900615${sequence}`;
        const number = digits + citizenCheckCharacter(digits);
        t.not(parseCitizenNumber(number), null);
        for (const changed of singleChanges(number, `${DIGITS}X`)) {
          if (parseCitizenNumber(changed) !== null) return false;
        }
        return true;
      }),
      { numRuns: 30 },
    ),
  );
});

t.test('a masked citizen number shows region, sequence and check character, nothing between', async (t) => {
  t.ok(isMaskedCitizenNumber('330102********002X'));
  for (const text of [
    '33010219000101002X',
    '330102*******1002X',
    '990102********002X',
    '330102********002x',
    '***',
  ]) {
    t.notOk(isMaskedCitizenNumber(text), text);
  }
});

t.test('credit codes of GB 32100 give category, region and organisation', async (t) => {
  t.same(parseCreditCode('91330102XXXX00019N'), {
    category: '91',
    region: '330102',
    organisation: 'XXXX00019',
  });
  t.not(parseCreditCode('11330102XXXX00027R'), null);
  t.not(parseCreditCode('11100000000013338W'), null, 'a ministry');
});

t.test('credit codes with letters outside the alphabet or a wrong shape are refused', async (t) => {
  for (const letter of 'IOSVZ') t.equal(parseCreditCode(`91330102XXX${letter}00019N`), null, letter);
  for (const text of [
    '',
    '91330102xxxx00019n',
    '91330102XXXX00019',
    '91330102XXXX00019N0',
    '91330102XXXX00019N ',
  ]) {
    t.equal(parseCreditCode(text), null);
  }
});

t.test('any single changed character of a credit code is caught', async (t) => {
  const parts = fc.tuple(textOf(CREDIT, 2), textOf(DIGITS, 6), textOf(CREDIT, 9));
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(parts, (all) => {
        const body = all.join('');
        const code = body + creditCheckCharacter(body);
        if (parseCreditCode(code) === null) return false;
        for (const changed of singleChanges(code, CREDIT))
          if (parseCreditCode(changed) !== null) return false;
        return true;
      }),
      { numRuns: 30 },
    ),
  );
});

t.test('licence identifiers of GB/T 36904 give their parts', async (t) => {
  t.same(parseLicenceId(MINISTRY_SAMPLE), {
    type: '11100000000013338W032',
    issuer: '11220000013544541J',
    serial: '2430599',
    version: '001',
  });
  t.not(parseLicenceId(SYNTHETIC), null);
});

t.test('MOD 37,36 gives the published check characters', async (t) => {
  t.equal(licenceCheckCharacter('A12'), 'N');
  t.equal(licenceCheckCharacter('A12425GABC1234002'), 'M');
  t.equal(licenceCheckCharacter('11100000000013338W03211220000013544541J2430599001'), 'F');
});

t.test('an old identifier may name its issuer by region', async (t) => {
  const parts = ['11330102XXXX00027R001', '330102', '20260001', '001'];
  const id = (issuer: string) => {
    const all = parts.with(1, issuer);
    return ['1.2.156.3005.2', ...all, licenceCheckCharacter(all.join(''))].join('.');
  };
  t.equal(parseLicenceId(id('330102'))?.issuer, '330102');
  t.equal(parseLicenceId(id('990102')), null);
});

t.test('licence identifiers in any other form are refused', async (t) => {
  for (const text of [
    '',
    SYNTHETIC.toLowerCase(),
    SYNTHETIC.replace('20260001', '2026_001'),
    SYNTHETIC.replace('1.2.156', '1.2.157'),
    SYNTHETIC.replace('.20260001.', '.202600.'),
    `${SYNTHETIC}\n`,
    SYNTHETIC.replaceAll('.', ''),
  ]) {
    t.equal(parseLicenceId(text), null, text);
  }
  const body = ['11330102XXXX00027R001', '11330102XXXX00027R', '20260001', '000'];
  t.equal(parseLicenceId(['1.2.156.3005.2', ...body, licenceCheckCharacter(body.join(''))].join('.')), null);
});

t.test('any single changed character of a licence identifier is caught', async (t) => {
  const prefix = '1.2.156.3005.2.';
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(textOf(ALPHANUMERIC, 9), fc.integer({ min: 1, max: 999 }), (serial, number) => {
        const body = ['11330102XXXX00027R001', '11330102XXXX00027R', serial, String(number).padStart(3, '0')];
        const rest = [...body, licenceCheckCharacter(body.join(''))].join('.');
        if (parseLicenceId(prefix + rest) === null) return false;
        for (const changed of singleChanges(rest, ALPHANUMERIC)) {
          if (parseLicenceId(prefix + changed) !== null) return false;
        }
        return true;
      }),
      { numRuns: 15 },
    ),
  );
});
