import { invalidInput } from '../../contract/errors.ts';

type Asked = { readonly campaignArn?: string; readonly recommenderArn?: string };

/**
 * The campaign or recommender that a request asks.
 *
 * @throws ServiceError InvalidInputException for none, for both, or for one in the place of the other
 */
export function askedArn({ campaignArn, recommenderArn }: Asked): string {
  if ((campaignArn === undefined) === (recommenderArn === undefined)) {
    throw invalidInput('Exactly one of campaignArn and recommenderArn must be given.');
  }
  if (campaignArn?.includes(':recommender/')) {
    throw invalidInput('campaignArn names a recommender; give it as recommenderArn.');
  }
  if (recommenderArn?.includes(':campaign/')) {
    throw invalidInput('recommenderArn names a campaign; give it as campaignArn.');
  }
  return campaignArn ?? recommenderArn ?? '';
}
