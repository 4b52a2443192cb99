export { validate } from './validation/validate.ts';
