/** What a member is called in a form and in an answer: with a capital. The contract has the names of CloudTrail. */
export const wireName = (member: string): string => member.charAt(0).toUpperCase() + member.slice(1);
