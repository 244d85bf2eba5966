"""Words that say little about who an organisation is.

Legal forms are dropped where they stand at an edge of a name; joining words are dropped everywhere; kinds (foundation,
university, club) stay, but weigh little until the directory itself has shown how common they are. Spellings and the
most frequent kinds in other languages are brought to one word, so that "Universidad de Oviedo" meets "University of
Oviedo". All tables are in folded spelling (lower case, no accents, doubled vowels as names.fold writes them).
"""

from __future__ import annotations

from typing import Final

_LEGAL_LISTED: Final = """
limited ltd cic plc llp llc lllp lp inc incorporated corp corporation company co cio scio clg cbs pty proprietary
pvt private gmbh ggmbh mbh gug ug ag kg kgaa gbr ohg ev eg vog asbl aisbl vzw ivzw cvba npo ngo nro ngdo osc ong
onlus aps odv ets srl spa snc sas sasu sarl eurl scop scic gie sa sl slu sll slne scoop sccl bv nv ba oy oyj ry ab
asa as ks doo dd jdoo dno kft bt zrt nyrt sro spol zs ops ou mtu uab vsi sia sprl scrl scrlfs zoo ood eood ead oao
ooo zao pao tov ltda eireli sc ac rl cv iap ipss lda cvo pt bhd sdn pte kk nk sti spzoo incorp unltd dac teo
"""
LEGAL: Final = frozenset(_LEGAL_LISTED.split())

LEGAL_PHRASES: Final = tuple(
    tuple(phrase.split())
    for phrase in (
        "community interest company",
        "charitable incorporated organisation",
        "scottish charitable incorporated organisation",
        "company limited by guarantee",
        "community benefit society",
        "eingetragener verein",
        "association sans but lucratif",
        "vereniging zonder winstoogmerk",
        "societe anonyme",
        "sociedad anonima",
        "sociedad limitada",
        "asociacion civil",
        "sp zoo",
        "sp z oo",
        "sa de cv",
        "en construction",
    )
)

_JOINING_LISTED: Final = """
the of for and in on at to by with from a an de del la las el los le les du des da do das dos di della delle dello
dei degli d l y e i o et und der die den dem fur im von van het en voor te og och av af til ja ve w z na dla si
pentru al din za u un une una uno zum zur auf au aux s
"""
JOINING: Final = frozenset(_JOINING_LISTED.split())

_KINDS_LISTED: Final = """
foundation association society club trust institute institution centre organisation group union federation network
council committee agency coop cooperation community social services service project projects programme international
national university college school academy hospital department ministry laboratory faculty research science sciences
development charity charitable fund house housing district regional region county local city town village hall
health education educational care support action help initiative alliance partnership forum company enterprise
enterprises management working mens womens youth children people sports food land street road church parish
consulting solutions technologies technology systems global world general state public medical studies
"""
KINDS: Final = frozenset(_KINDS_LISTED.split())

# Each line: the word that we keep, then the spellings and translations that become it.
_SAME: Final = """
coop cooperative cooperatives coops cooperativa cooperativas kooperative cooperatif cooperatie spoldzielnia
centre center centro centrum zentrum ctr cent centru
organisation organization organizations organisations organisatie organizacion organizacao organizacja
organisation organizzazione org
association assoc assn associations asociacion associacao associazione associacio vereniging verein udruga
association stowarzyszenie asociatia drustvo
foundation fdn found fundacion fundacao fondation fondazione stiftung stichting fundacja nadace zaklada fundatia
foundation fundacio saatio alapitvany
university univ universitat universite universidad universidade universita universiteit universitet uniwersytet
university univerzita univerziteta univerzitet egyetem yliopisto universitatea universitesi univerza sveuciliste
university universitetet ulikool universitas
institute inst institut instituto istituto instytut institutul instituut instituts institutet
international intl int internacional internationale internationales internazionale internationaler miedzynarodowy
national natl nat natnl nacional nationale nationales nazionale national narodowy
ministry min ministerio ministere ministerium ministerstvo ministero ministerie ministerstwo ministerul
academy akademie academia accademia akademia akademija acad
hospital hosp hopital krankenhaus ospedale szpital ziekenhuis nemocnice spital
research recherche recherches forschung investigacion investigaciones ricerca ricerche pesquisa onderzoek
science sciences wissenschaft wissenschaften ciencia ciencias scienza scienze
school sch escuela ecole schule scuola escola szkola skola
society soc sociedad societe societa gesellschaft sociedade
federation fed federacion federazione federacao foderation
department dept departement departamento dipartimento departament abteilung
laboratory lab laboratoire laboratorio laboratorium labs laboratories
technology tech technologies tecnologia technologie tecnologias
technical technische technique tecnica tecnico techniques
development dev developpement desarrollo entwicklung sviluppo developmen
government govt gov
management mgmt mgt
county cty cnty
saint st sankt sainte
committee cttee comite
and u
network netzwerk reseau rede netwerk
college coll colegio
council conseil consejo consiglio
museum museo musee museu muzeum
library bibliothek bibliotheque biblioteca
municipality municipalidad municipio comune gemeinde kommune kommun
chamber camara chambre camera kammer
engineering eng engineers
company companies
services service svcs svc servs
brothers bros
number no nr num
"""


def fold_vowels(word: str) -> str:
    for pair in ("ae", "oe", "ue", "aa"):
        word = word.replace(pair, pair[0])
    return word


CANON: Final = {
    fold_vowels(spelling): fold_vowels(line.split()[0])
    for line in _SAME.strip().splitlines()
    for spelling in line.split()
}
COMMON: Final = frozenset(CANON.get(fold_vowels(word), fold_vowels(word)) for word in KINDS)
EDGE_PHRASES: Final = tuple(
    sorted((tuple(map(fold_vowels, phrase)) for phrase in LEGAL_PHRASES), key=len, reverse=True)
)
EDGE_ENDS: Final = frozenset(phrase[-1] for phrase in EDGE_PHRASES)
EDGE_WORDS: Final = frozenset(map(fold_vowels, LEGAL))
FILLERS: Final = frozenset(map(fold_vowels, JOINING))
