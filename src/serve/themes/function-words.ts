/** Words that hold sentences together and name nothing: they neither begin nor end a phrase. */

const list = (words: string) => new Set(words.split(/\s+/).filter((word) => word !== ''));

export const articles = list('a an the');

/** What stands before a noun phrase: the word after it is no verb. */
export const determiners = list(
  `a an the this that these those his her its their our your my some any each every no another other both all few
   several many most one two three four five six seven eight nine ten`,
);

/** Prepositions that may join a phrase to the noun that a title is about, as in "films set in Los Angeles". */
export const joiningPrepositions = list(
  'in at on about under during around inside across with for from without against near through by behind beyond',
);

const otherPrepositions = list(
  `of to into onto over after before between among within upon off out up down along past since until till toward towards
   via per than as like amid amidst despite except underneath beneath above below beside besides throughout`,
);

/** What stands before a verb more often than before anything else. */
export const verbLeaders = list(
  `to who which i you he she it we they will would can could must should may might shall not cannot never
   don't doesn't didn't won't can't let's let`,
);

const others = list(
  `and or but nor so yet if then else when while where why how what whom whose because although though unless whether
   is are was were be been being am has have had having do does did doing done isn't aren't wasn't weren't hasn't haven't
   me him us them himself herself itself themselves myself yourself yourselves ourselves yours mine hers theirs ours
   here there now just only also too very much more less least own same such again once ever even still already always
   often sometimes soon almost quite rather really away back together apart however therefore thus hence instead
   anything something nothing everything anyone someone everyone nobody none who's it's that's there's he's she's they're
   you're we're i'm i've you've we've isnt dont etc eg ie vs`,
);

/** Words that name something, but nothing by which items differ: a title that says them says little. */
export const vagueWords = list(
  `new best great good better perfect first last next old way ways thing things make makes made making get gets getting
   take takes taken taking find finds found finding come comes coming go goes going gone use uses used using see sees seen
   look looks looking know known knows become becomes becoming begin begins beginning must-have ideal including includes
   include featuring features feature offer offers offered provide provides set sets year years time times day days today
   lot lots bit kind kinds type types item items product products title titles help helps need needs want wants like
   based different various real simple easy easily high low big small little long short full part parts entire whole
   turn turns try tries trying give gives keep keeps put puts run runs show shows work works call called follow follows
   following discover discovers learn learns tell tells told start starts end ends bring brings world life live lives
   people person well nice amazing awesome beautiful wonderful super top classic ultimate special unique original official
   free quality premium soon million billion number http https www com html nbsp amp quot lorem ipsum`,
);

/** Function words of other languages, but for those that are English words, too. */
const elsewhere = list(
  `der das und ist nicht ein eine einer eines einem einen mit von zu auf für im dem des sich auch als wie bei nach aus
   wird werden sind oder aber wenn über unter durch ihre ihr seine sein zum zur vom noch nur sie wir ich du er es
   le la les un une et est du au aux que qui dans sur avec ce cette ces il elle ils elles nous vous leur leurs ne pas se sa
   ses pour mais ou où entre été être sont
   el los las una uno unos unas y es del al en con por para como más pero su sus lo se esta este estos estas muy ya
   cuando donde quien entre sobre hasta desde
   il lo gli di che è per non si della dello delle dei degli nel nella con una sono ma anche più
   o os um uma e do da dos das em no na nos nas que com não por mais como ao à seu sua
   de het een en van op met voor dat zijn niet aan te ook als bij uit naar maar
   och att det som på är av för den till med inte har ett om
   i w z na do się nie jest że to od po za przez dla jak ale oraz
   и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по ее мне было вот от меня о из ему
   ve bir bu da için ile çok olarak gibi`,
);
// These are English words that may well be in a title.
for (const word of ['den', 'son', 'sin', 'pour', 'man', 'om', 'still', 'art', 'war', 'die']) elsewhere.delete(word);

/** Whether a word in lower case holds English sentences together. */
export const isFunctionWord = (word: string): boolean =>
  determiners.has(word) ||
  joiningPrepositions.has(word) ||
  otherPrepositions.has(word) ||
  verbLeaders.has(word) ||
  others.has(word);

/** The same of some other languages. With a capital it may be of a name, such as Los Angeles. */
export const isForeignFunctionWord = (word: string): boolean => elsewhere.has(word);
