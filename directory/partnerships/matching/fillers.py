"""Words that stand in any need and any offer, whatever it is about: sharing them says nothing of two organisations.

Kept by hand, folded as the analysis folds, in the languages in which people write most here; numbers in words, times, and the verbs
of asking and giving.
"""

from __future__ import annotations

TONGUES = (
    "en",
    "fr",
    "es",
    "pt",
)  # whose small words are left out of every text: many write in another language than their record
_WORDS = """
one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty hundred thousand first second third
day days week weeks weekly month months monthly year years yearly hour hours evening time times every each today
look looks looking seek seeks find finds found search ask asks asked answer answers want wants wish hope need needs needed offer offers
offered help helps helped give gives given share shares shared bring brings come comes go goes make makes made take takes keep keeps
read reads reading readings write writes writing written say says tell tells know knows known begin begins count counts
prepare prepares compare compares comparing publish publishes use uses used useful work works working together people person somebody
group groups organisation organisations partner partners project projects place places thing things way ways many few small large good
new old other others another same different like people possible able small big
un deux trois quatre cinq six sept huit neuf dix douze vingt cent premier premiere jour jours semaine semaines mois an ans annee annees
fois chaque chercher cherche cherchons trouver demander demande besoin offre offrir aider aide donner partager apporter
venir faire fait prendre garder lire ecrire dire savoir commencer comparer preparer publier utiliser travail travailler ensemble gens
personne personnes groupe groupes organisation organisations partenaire partenaires projet projets lieu endroit chose comment
petit petite petits grand grande bon nouveau ancien autre autres meme possible tous toutes
uno dos tres cuatro cinco seis siete ocho nueve diez doce veinte cien primero dia dias semana semanas mes meses ano anos vez veces cada
buscar busca buscamos encontrar pedir necesidad necesitar oferta ofrecer ayudar ayuda dar compartir traer venir hacer tomar guardar leer
escribir decir saber empezar comparar preparar publicar usar trabajo trabajar juntos gente persona personas grupo grupos organizacion
organizaciones socio socios proyecto proyectos lugar cosa como pequeno pequena grande bueno nuevo otro otra otros mismo posible
um dois quatro oito nove dez doze vinte primeiro ano anos mes procurar procuramos precisar ajudar partilhar trazer fazer ler escrever
dizer comecar usar trabalho juntos pessoa pessoas organizacao projeto projetos pequeno bom novo outro mesmo possivel
"""
FILLERS = frozenset(_WORDS.split())
