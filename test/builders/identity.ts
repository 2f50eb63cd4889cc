export { identityNumberOf, oldIdentityNumber, withWrongCheckDigit } from '../../infra/local/demo-county/identity.ts';
