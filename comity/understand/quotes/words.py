"""The words that report speech and thought: verbs, nouns, adjectives and phrases."""

from __future__ import annotations


def listed(words: str) -> frozenset[str]:
    """A set of words written as a text."""
    return frozenset(words.split())


# Verbs that report a clause or words between marks, beyond those of the table of embedders.
SPEECH = listed(
    """
    say tell add announce declare state note stress insist argue claim allege maintain contend assert affirm
    warn caution promise vow pledge threaten admit acknowledge concede confess confirm deny reveal disclose
    explain reiterate repeat recall remember reply respond answer retort ask inquire enquire wonder demand urge
    write tweet post blog quip joke jest remark observe comment mention point emphasise emphasize underline
    underscore highlight suggest hint imply indicate signal predict forecast estimate speculate conclude
    believe think reckon suppose suspect fear hope expect feel doubt guess assume
    complain lament regret protest object boast brag crow gloat sneer scoff mock
    shout cry yell scream roar bellow thunder bark snap growl mutter mumble murmur whisper sigh groan grumble
    moan laugh chuckle smile chant sing exclaim blurt declare proclaim pronounce
    testify swear attest assure inform notify brief remind advise recommend propose
    agree continue conclude begin start interject interrupt counter rejoin parry shrug plead beg implore appeal
    rage fume storm rail inveigh intone recite report relate recount narrate summarise summarize
    clarify specify elaborate muse reflect reason opine venture volunteer offer enthuse gush
    quote cite read charge accuse marvel joke pray preach rule worry fret
    reckon calculate figure contradict correct interpret attribute theorize theorise hypothesize caution bet
    confide sob weep wail whimper hiss sniff snarl stammer stutter gasp croak bawl drawl grin deadpan quote
    document ascertain aver
    divulge profess avow counsel surmise posit pronounce bemoan bleat chide scold taunt tease jeer
    """
)
PHRASAL = frozenset(
    {
        ("go", "on"), ("carry", "on"), ("fire", "back"), ("hit", "back"), ("shoot", "back"), ("burst", "out"),
        ("hit", "out"), ("lash", "out"), ("chime", "in"), ("chip", "in"), ("put", "it"),
        ("sum", "up"), ("let", "slip"), ("let", "fall"),
    }
)  # fmt: skip
# Of the table of embedders, but no speech or thought of anybody.
NO_SPEECH = listed(
    """
    establish prove show mean see hear learn require want wish stop prevent exclude resolve
    accept guarantee ensure pretend understand sense celebrate welcome reject dismiss endorse denounce oppose
    convince instruct command request enjoin entreat order publish broadcast decide forget grant anticipate
    """
)
# These need a clause: "think", "hope" and the like do not report words between marks by standing near them.
THOUGHT = listed(
    """
    find discover determine conclude calculate figure rule worry bet attribute
    believe think reckon suppose suspect fear hope expect feel doubt guess assume consider imagine know
    estimate forecast predict speculate suggest indicate
    """
)
# They report words between marks only: "'Look,' he began".
MARKED_ONLY = frozenset(
    {"begin", "start", "accuse", "quote", "cite", "hit", "lash", "shoot", "chime", "chip", "smile", "sing", "grin"}
)
# Writings whose "show" and "find" report what stands in them: "the figures showed that".
STUDIES = listed(
    """
    survey study poll figure datum data index report review census paper record result count audit analysis test
    statistic estimate research inquiry investigation minute transcript document account autopsy
    """
)
SHOWING = frozenset({"show", "prove", "establish", "find", "reveal", "indicate", "suggest"})
# They report a clause that stands before them: "The reactor will stay shut, the commission decided."
SETTLING = frozenset({"decide", "show", "learn", "hear", "understand", "resolve"})
# They report with "that" only: "held that the border ran along the river".
WITH_THAT = frozenset({"hold", "sustain", "manifest"})
# Verbs that say what somebody thinks of a thing: "called the plan 'a farce'".
LABELS = listed(
    """
    call describe label brand term dub denounce dismiss hail praise slam condemn characterise characterize
    deride decry depict portray lambast blast criticise criticize reject welcome applaud laud ridicule mock
    speak talk warn accuse complain boast refer deem brush rebuke castigate pillory vilify salute commend
    bemoan lament regret deplore express voice demand urge promise vow pledge threaten invoke see view regard
    consider blame rate rule qualify treat style baptise christen decried
    """
)
# Verbs whose gerund is what is denied or admitted: "denied backing the rebels".
WITH_GERUND = frozenset({"deny", "admit", "report", "acknowledge", "recall", "remember", "mention"})
# Nouns with a clause that says what is claimed, thought or promised.
NOUNS = listed(
    """
    claim allegation assertion accusation charge statement warning assurance promise pledge vow hope fear belief
    view opinion suggestion hint denial insistence contention argument admission acknowledgement acknowledgment
    announcement declaration confirmation complaint threat prediction estimate conclusion remark comment
    impression conviction confidence doubt concern worry suspicion guarantee reminder word optimism regret
    scepticism skepticism expectation feeling assumption verdict finding message satisfaction
    decision ruling report rumour rumor guess
    """
)
# Nouns that do so only in "her story is that ...".
STORIES = frozenset({"story", "version", "position", "theory", "case", "line", "answer", "point", "stance", "response"})
# Verbs that carry such a noun: whoever does them is who claims ("expressed hope that").
CARRIERS = listed(
    """
    express voice make issue give offer have repeat reiterate deliver send state share take reach convey put
    renew raise sound release receive
    """
)
ADJECTIVES = listed(
    """
    sure certain confident convinced hopeful afraid adamant worried concerned sceptical skeptical optimistic
    pessimistic doubtful positive insistent clear emphatic sad glad pleased proud sorry grateful aware unaware
    """
)
# "made clear that", "made it plain that".
PLAIN = frozenset({"clear", "plain", "known"})
ACCORDING = frozenset({"according to", "in the words of", "in the view of", "in the opinion of", "as per"})
# "in the words of", "in his view".
WORDED = frozenset({"word", "words", "view", "opinion", "eyes", "judgment", "judgement", "estimate", "telling"})
# Bodies and papers that "it" can stand for.
SPEAKING_THINGS = listed(
    """
    ministry government statement report company agency office embassy army command commission court committee
    panel party group council union bank parliament administration paper newspaper communiqué communique letter
    organisation organization firm police junta mission association alliance board department authority regime
    television radio declaration
    """
)
# After these a marked word is a name or a word talked about, not what somebody says.
TITLED = listed(
    """
    word words phrase term title entitled titled headline heading book novel film movie song play poem opera
    slogan nickname nicknamed called-so so-called named dubbed label code-named codename expression
    banner poster sign hashtag
    """
)
# Tags of verbs that tell a tense by themselves.
TENSED = frozenset({"VBD", "VBZ", "VBP"})
CONTRAST = frozenset({"while", "whereas", "although", "though", "even though"})
RELATIVE = frozenset({"who", "which", "that", "whom"})
# Nouns that tell whether "he" or "she" may follow them.
WOMEN = listed(
    "mother woman wife widow daughter sister girl aunt grandmother granddaughter niece queen spokeswoman lady"
)
MEN = listed("father man husband widower son brother boy uncle grandfather grandson nephew king spokesman gentleman")
# Of either: whoever is told of as one of these can be "he" or "she".
PEOPLE = listed(
    """
    minister president chancellor premier governor mayor senator deputy lawmaker ambassador envoy diplomat official
    secretary chief head leader chairman chairwoman director manager executive owner founder banker broker trader
    analyst economist professor teacher lecturer scientist researcher physicist doctor surgeon nurse patient lawyer
    attorney solicitor barrister judge prosecutor magistrate witness detective inspector constable officer soldier
    sergeant captain major colonel general admiral commander pilot guard prisoner rebel fighter bishop priest pastor
    vicar rabbi imam monk farmer fisherman miner driver engineer carpenter baker butcher shopkeeper worker student
    pupil neighbour neighbor visitor tourist writer author novelist poet critic editor reporter columnist actor
    actress singer painter composer conductor coach trainer striker defender goalkeeper player boxer champion
    colleague friend counterpart rival successor predecessor adviser aide spokesperson candidate voter
    """
)
# Writings that speak themselves: "the statement 'strongly condemns' the coup".
WRITINGS = listed("statement letter text resolution declaration communiqué communique report document note memo treaty")
# In them somebody says something: "disclosed in a filing that".
WHERE_SAID = WRITINGS | listed(
    """
    filing interview speech article memorandum broadcast conference column testimony tweet post message telegram
    address book paper briefing hearing court call lecture sermon email e-mail release bulletin diary blog editorial
    """
)
# "... was her answer".
ANSWERS = listed(
    """
    answer reply response comment verdict retort reaction advice counsel message conclusion warning explanation
    summary plea remark greeting word
    """
)
# They do not name what they stand before when a colon parts them: "answered with one word: 'Never'".
PLAIN_WORDS = frozenset({"word", "words", "phrase"})
# Things on which words are written.
BEARING = listed(
    """
    banner poster sign placard flag shirt t-shirt leaflet flyer plaque card board wall stone grave coffin sticker badge
    ribbon wreath cap hat vest stamp coin note mural graffito graffiti truck car bus van
    """
)
# Verbs that link a noun of ANSWERS to what is said: "his message remains '...'".
LINKING = frozenset({"be", "remain", "read", "run", "go", "come", "sound", "stay"})
INDEFINITE = frozenset({"nobody", "none", "no", "nothing", "neither", "what"})
